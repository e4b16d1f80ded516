"""All files of a link in one archive, packed by the browser from a real bucket."""

import os
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Page, Route, expect

from sharing.accounts.models import User
from sharing.files.models import File
from sharing.links.models import Download as Fetched
from sharing.links.models import Link
from sharing.storage.bucket import Bucket
from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.upload_page import until
from tests.factories import link_to, sent_file
from tests.programs import is_there

pytestmark = pytest.mark.slow

COUNT = 120
GIB = 1024**3
# Each piece with where it lies; the large files' bytes are all zeros and left out, as in a sparse file.
LAID_OUT = """async (files) => {
    const { archive } = await import("/static/js/archive/zip.js");
    const laid = [];
    const zeros = new Uint8Array(1024 * 1024);
    let at = 0;
    function* bytesOf(file) {
        if (file.body) yield new TextEncoder().encode(file.body);
        else for (let left = file.size; left > 0; left -= zeros.length) yield zeros.subarray(0, left);
    }
    for await (const piece of archive(files.map((file) => ({ ...file, pieces: bytesOf(file) })))) {
        if (piece.buffer !== zeros.buffer) laid.push([at, [...piece]]);
        at += piece.length;
    }
    return laid;
}"""
# Cut at odd places, so that checksums go on from pieces that begin anywhere in memory.
CHECKSUM = """async ([length, cuts]) => {
    const { crc32 } = await import("/static/js/archive/crc32.js");
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
    return [0, ...cuts].reduce((crc, start, index) => crc32(bytes.subarray(start, cuts[index] ?? length), crc), 0);
}"""
# A browser in which no reader fills a buffer that it is given.
NO_BUFFERS = """const { getReader } = ReadableStream.prototype;
ReadableStream.prototype.getReader = function (options) {
  if (options?.mode === "byob") throw new TypeError("Not a byte stream");
  return getReader.call(this);
};
"""
# Messages of the page to its service worker wait for `letGo()`, which asks for the archive, too.
HELD = """const { postMessage } = ServiceWorker.prototype;
ServiceWorker.prototype.postMessage = function (message, ports) {
  if (message.kind !== "begin") return;
  globalThis.letGo = () => {
    postMessage.call(this, message, ports);
    setTimeout(() => location.assign(message.address), 500);
  };
};
"""
# Browsers in which something is promised for ever.
SILENCES = {
    "registration": "ServiceWorkerContainer.prototype.register = () => new Promise(() => {});",
    "activation": """ServiceWorkerContainer.prototype.register = async () => ({
        installing: { state: "installing", addEventListener() {} },
    });""",
    "packer": "globalThis.Worker = class extends EventTarget { postMessage() {} terminate() {} };",
    "saver": "ServiceWorker.prototype.postMessage = () => {};",
    # It is there and asks for nothing: the page stays, and no download begins.
    "download": """ServiceWorker.prototype.postMessage = (message, [port]) => port.postMessage({ kind: "ready" });
addEventListener("click", ({ target }) => {
  if (!target.closest("download-all")) return;
  navigation.addEventListener("navigate", (event) => event.preventDefault(), { once: true });
}, { capture: true });""",
}
PASSWORD = "open sesame"
ANYBODY = {"Access-Control-Allow-Origin": "*"}


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site, accept_downloads=True)
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def hurried(context: BrowserContext, script: str, **milliseconds: int) -> None:
    """The same script with a shorter timeout."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        for name, fewer in milliseconds.items():
            text, count = re.subn(rf"const {name} = [\d_]+;", f"const {name} = {fewer};", text)
            assert count
        route.fulfill(response=answer, body=text)

    context.route(f"**/{script}*.js", handle)


def collect(page: Page, link: Link) -> Download:
    page.goto(link.path_by(link.token))
    with page.expect_download() as expected:
        page.get_by_role("button", name="Download all").click()
    return expected.value


def test_every_byte_arrives_under_a_safe_name(page: Page, alice: User, tmp_path: Path) -> None:
    bodies = {f"report {number}.txt": f"{number} ".encode() * number for number in range(1, COUNT)}
    files = [sent_file(alice, body, name=name, path="År/Q1 ünï") for name, body in bodies.items()]
    files += [sent_file(alice, b"one", name="CON.txt"), sent_file(alice, b"two", name='a<b>:"|?*\u202e. ')]
    files += [sent_file(alice, b"three", name="same.txt"), sent_file(alice, b"four", name="SAME.txt")]
    link = link_to(*files, title="Quarter")
    download = collect(page, link)
    assert download.suggested_filename == "Quarter.zip"
    download.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name, body in bodies.items():
            assert archive.read(f"År/Q1 ünï/{name}") == body
        assert {"_CON.txt", "SAME.txt", "same (2).txt"} <= {*names} or "SAME (2).txt" in names
        assert len(names) == len({name.casefold() for name in names}) == len(files)
    if is_there("unzip"):
        subprocess.run(["unzip", "-tqq", tmp_path / "all.zip"], check=True)
    assert Fetched.objects.filter(link=link).count() == len(files)
    expect(page.get_by_text("are in the archive")).to_be_visible()


def test_a_browser_without_workers_that_are_modules_packs_in_the_page(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    context.add_init_script("""globalThis.Worker = class extends Worker {
      constructor(url, options) {
        super(options?.type === "module" ? "data:text/javascript,import;" : url);
      }
    }""")
    link = link_to(sent_file(alice, b"a" * 5000, name="a.txt"), sent_file(alice, b"b" * 5000, name="b.txt"))
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {name: len(archive.read(name)) for name in archive.namelist()} == {
            "a.txt": 5000,
            "b.txt": 5000,
        }
    expect(page.get_by_text("All 2 files are in the archive.")).to_be_visible()


def test_a_fetch_that_breaks_is_tried_again(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    link = link_to(sent_file(alice, b"a" * 5000, name="a.txt"), sent_file(alice, b"b" * 5000, name="b.txt"))
    broken: list[str] = []

    def handle(route: Route) -> None:
        if not broken:
            broken.append(route.request.url)
            return route.abort()
        return route.continue_()

    context.route("**/files/**", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("b.txt") == b"b" * 5000
    assert broken


def test_what_breaks_midway_goes_on_where_it_broke(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    large = b"0123456789abcdef" * 100_000
    link = link_to(sent_file(alice, large, name="large.txt"), sent_file(alice, name="small.txt"))
    ranges: list[str | None] = []

    def handle(route: Route) -> None:
        if route.request.method == "GET" and not ranges:
            ranges.append(None)
            return route.fulfill(body=large[:700_000], headers=ANYBODY)
        ranges.append(route.request.headers.get("range"))
        return route.continue_()

    context.route("**/files/**", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("large.txt") == large
    assert "bytes=700000-" in ranges


def test_a_small_file_that_ends_early_is_tried_again(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    link = link_to(sent_file(alice, b"a" * 5000, name="a.txt"), sent_file(alice, b"b" * 5000, name="b.txt"))
    short: list[str] = []

    def handle(route: Route) -> None:
        if len(short) < 2:
            short.append(route.request.url)
            return route.fulfill(body=b"b" * 4999 * (len(short) - 1), headers=ANYBODY)
        return route.continue_()

    context.route("**/files/**", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert (archive.read("a.txt"), archive.read("b.txt")) == (b"a" * 5000, b"b" * 5000)
    assert len(short) == 2


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_url_that_is_refused_is_asked_for_anew(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path, status: int
) -> None:
    link = link_to(sent_file(alice, b"0" * 1_100_000, name="a.txt"), sent_file(alice, name="b.txt"))
    refused: list[str] = []
    asked: list[str] = []

    def handle(route: Route) -> None:
        if len(refused) < 2:
            refused.append(route.request.url)
            return route.fulfill(status=status, headers=ANYBODY)
        return route.continue_()

    context.route("**/files/**", handle)
    context.on("request", lambda request: asked.append(request.url))
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "b.txt"]
        # Nothing that was unpacked can be run before its reader says so.
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
    assert sum(url.endswith("/collection/urls/") for url in asked) > 1


def test_two_files_are_never_joined_where_one_broke(page: Page, context: BrowserContext, alice: User) -> None:
    file, other = (sent_file(alice, body * 1_600_000, name="large.txt") for body in (b"1", b"2"))
    held: list[Route] = []

    def handle(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    context.route("**/files/**", handle)
    download = collect(page, link_to(file, sent_file(alice, name="z.txt")))
    until(page, lambda: bool(held))
    # The rest is asked of another object by now.
    key = other.object_key
    File.objects.filter(pk=other.pk).update(object_key="files/elsewhere")
    File.objects.filter(pk=file.pk).update(object_key=key)
    held[0].fulfill(body=b"1" * 700_000, headers=ANYBODY)
    expect(page.get_by_text("“large.txt” could not be fetched to its end")).to_be_visible()
    assert download.failure()


def test_a_bucket_that_goes_silent_is_asked_again(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    large = b"0123456789abcdef" * 100_000
    link = link_to(sent_file(alice, large, name="large.txt"), sent_file(alice, name="small.txt"))
    asked: list[str] = []

    def handle(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 2:
            route.continue_()

    hurried(context, "fetching", STALLED_AFTER=1000)
    context.route("**/files/**", handle)  # the first two are never answered
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert (archive.read("large.txt"), archive.read("small.txt")) == (large, b"hello")


@pytest.mark.parametrize("silence", SILENCES)
def test_what_the_browser_never_answers_ends_with_the_single_buttons(
    page: Page, context: BrowserContext, alice: User, silence: str
) -> None:
    """service-worker-generator #22: a registration that never settles."""
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    hurried(context, "download-all", STARTS_WITHIN=2000, ASKED_WITHIN=2000)
    page.add_init_script(SILENCES[silence])
    page.goto(link.path_by(link.token))
    for _ in range(2):
        page.get_by_role("button", name="Download all").click()
        expect(
            page.get_by_text("Downloading everything at once doesn't work in this browser")
        ).to_be_visible()
        expect(page.get_by_role("button", name="Download all")).to_be_enabled()
        expect(page.locator("[data-part=status]")).to_be_hidden()
    with page.expect_download() as single:
        page.get_by_role("button", name="Download a.txt").click()
    assert single.value.suggested_filename == "a.txt"


def test_a_site_that_never_answers_ends_with_the_single_buttons(
    page: Page, context: BrowserContext, alice: User
) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    hurried(context, "download-all", SITE_ANSWERS_WITHIN=1000)
    context.route("**/collection/", lambda _: None)  # never answered
    page.goto(link.path_by(link.token))
    page.get_by_role("button", name="Download all").click()
    expect(page.get_by_text("The site is not answering right now.")).to_be_visible()
    expect(page.get_by_role("button", name="Download all")).to_be_enabled()


def test_a_service_worker_that_was_ended_ends_the_archive(
    page: Page, context: BrowserContext, alice: User
) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    hurried(context, "download-all", AWAKE_EVERY=300)
    context.route("**/files/**", lambda _: None)  # never answered
    collect(page, link)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    session = context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    expect(page.get_by_text("the browser stopped saving it")).to_be_visible()


def test_the_next_large_files_are_asked_for_while_one_is_awaited(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    bodies = [os.urandom(1_100_000) for _ in range(7)]
    files = [sent_file(alice, body, name=f"{number}.bin") for number, body in enumerate(bodies)]
    held: list[Route] = []

    def handle(route: Route) -> None:
        if len(held) < 5:
            held.append(route)
        else:
            route.continue_()

    context.route("**/files/**", handle)
    download = collect(page, link_to(*files))
    # One and four ahead: the browser has a sixth connection for what must be tried again.
    until(page, lambda: len(held) == 5)
    for route in reversed(held):
        route.continue_()
    download.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert [archive.read(f"{number}.bin") for number in range(len(bodies))] == bodies


def test_it_does_without_buffers_of_its_own(
    page: Page, context: BrowserContext, alice: User, tmp_path: Path
) -> None:
    large = b"0123456789abcdef" * 100_000
    link = link_to(sent_file(alice, large, name="large.txt"), sent_file(alice, name="small.txt"))

    def handle(route: Route) -> None:
        script = route.fetch()
        route.fulfill(response=script, body=NO_BUFFERS + script.text())

    context.route("**/fetching*.js", handle)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("large.txt") == large


def test_an_archive_of_many_blocks_is_whole(page: Page, alice: User, tmp_path: Path) -> None:
    bodies = [os.urandom(size) for size in (9_000_000, 12_000_000, 8_388_608, 1)]
    files = [sent_file(alice, body, name=f"{number}.bin") for number, body in enumerate(bodies)]
    collect(page, link_to(*files)).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert [archive.read(f"{number}.bin") for number in range(len(bodies))] == bodies


def test_an_archive_that_is_not_whole_says_so(page: Page, context: BrowserContext, alice: User) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    context.route("**/files/**", lambda _: None)  # never answered
    download = collect(page, link)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled. The archive is incomplete")).to_be_visible()
    assert download.failure()
    context.unroute("**/files/**")
    large = link_to(sent_file(alice, b"0" * 1_100_000, name="large.txt"), sent_file(alice, name="z.txt"))
    # More bytes than it has: these are of another file.
    context.route("**/files/**", lambda route: route.fulfill(body=b"1" * 1_200_000, headers=ANYBODY))
    download = collect(page, large)
    expect(page.get_by_text("“large.txt” could not be fetched to its end")).to_be_visible()
    assert download.failure()


def test_it_can_be_cancelled_before_the_browser_asks_for_it(page: Page, alice: User) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    page.add_init_script(HELD)
    page.goto(link.path_by(link.token))
    page.get_by_role("button", name="Download all").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Download all")).to_be_enabled()
    with page.expect_download() as late:
        page.evaluate("letGo()")
    assert late.value.failure()


def test_it_ends_when_the_browser_gives_it_up(page: Page, context: BrowserContext, alice: User) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    context.route("**/files/**", lambda _: None)  # never answered
    download = collect(page, link)
    download.cancel()
    expect(page.get_by_text("Cancelled. The archive is incomplete")).to_be_visible()


def test_a_link_that_is_revoked_meanwhile_ends_it_at_once(
    page: Page, context: BrowserContext, alice: User
) -> None:
    link = link_to(sent_file(alice, name="a.txt"), sent_file(alice, name="b.txt"))
    held: list[Route] = []
    context.route("**/files/**", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    download = collect(page, link)
    until(page, lambda: len(held) == 2)
    link.revoke(by=alice)
    for route in held:
        route.fulfill(status=403, headers=ANYBODY)
    expect(page.get_by_text("incomplete because the link has ended")).to_be_visible()
    assert download.failure()
    assert len(held) == 2, "nothing was asked for again"


def test_what_cannot_be_had_is_left_out_and_listed(
    page: Page, alice: User, bucket: Bucket, tmp_path: Path
) -> None:
    lost, large = sent_file(alice, name="b.txt", path="x"), sent_file(alice, b"0" * 1_100_000, name="c.txt")
    link = link_to(sent_file(alice, name="a.txt"), lost, large, sent_file(alice, b"last", name="d.txt"))
    for file in (lost, large):
        bucket.delete(file.object_key)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "d.txt", "Not in this archive.txt"]
        assert archive.read("Not in this archive.txt").decode().splitlines()[1:] == ["c.txt", "x/b.txt"]
    expect(page.get_by_text("2 of 4 files are in the archive.")).to_contain_text("“c.txt”, “x/b.txt”.")


def test_the_list_of_what_is_missing_replaces_no_file(
    page: Page, alice: User, bucket: Bucket, tmp_path: Path
) -> None:
    lost = sent_file(alice, name="b.txt", path="Not in this archive (2).txt")
    names = ["not in THIS archive.txt", "Not in this archive (3).txt"]
    link = link_to(lost, *(sent_file(alice, b"theirs", name=name) for name in names))
    bucket.delete(lost.object_key)
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {*archive.namelist()} == {*names, "Not in this archive (4).txt"}
        assert archive.read(names[0]) == b"theirs"


def test_a_locked_link_with_a_limit_of_one_gives_all_once(page: Page, alice: User, tmp_path: Path) -> None:
    files = [sent_file(alice, name=name) for name in ("a.txt", "b.txt")]
    link = link_to(*files, download_limit=1, password=PASSWORD)
    page.goto(link.path_by(link.token))
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.get_by_role("button", name="Download all").wait_for()
    collect(page, link).save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.read("a.txt") == b"hello"
    assert set(link.items.values_list("download_count", flat=True)) == {1}


def test_a_checksum_does_not_depend_on_where_pieces_are_cut(page: Page) -> None:
    page.goto("/accounts/login/")
    whole = bytes(index * 7 & 255 for index in range(5003))
    for cuts in ([], [1], [3, 4, 90, 1001], [4999], [17, 33, 49]):
        assert page.evaluate(CHECKSUM, [len(whole), cuts]) == zlib.crc32(whole)


# On a busy machine the checksum of so many bytes takes minutes.
@pytest.mark.timeout(1200)
def test_it_holds_more_than_four_gibibytes(page: Page, tmp_path: Path) -> None:
    modified = "2021-03-04T05:06:08Z"
    # The second is that large only with the headers of its blocks.
    sizes = {"år/first.bin": 4 * GIB + 5, "second.bin": 4 * GIB - 65_536, "last.txt": 4}
    page.goto("/accounts/login/")
    laid = page.evaluate(
        LAID_OUT,
        [
            {"path": path, "size": size, "modified": modified, "body": "last" if size == 4 else ""}
            for path, size in sizes.items()
        ],
    )
    with (tmp_path / "large.zip").open("wb") as file:
        for at, piece in laid:
            file.seek(at)
            file.write(bytes(piece))
    with zipfile.ZipFile(tmp_path / "large.zip") as archive:
        assert {entry.filename: entry.file_size for entry in archive.infolist()} == sizes
        assert archive.read("last.txt") == b"last"
        # As a reader finds them that goes by the headers in front.
        assert {entry.filename: archive.open(entry).read(1) for entry in archive.infolist()} == {
            "år/first.bin": b"\0",
            "second.bin": b"\0",
            "last.txt": b"l",
        }
    listed = subprocess.run(
        ["zipinfo", "-T", tmp_path / "large.zip"], check=True, capture_output=True, text=True
    )
    assert listed.stdout.count("20210304") == len(sizes)
