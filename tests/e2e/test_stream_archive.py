"""The archive is read as a stream, by readers that never see the list at its end.

Java's ZipInputStream refused it: files were stored with their sizes and checksums behind them.
"""

import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from sharing.accounts.models import User
from tests.e2e.conftest import TIMEOUT_MS
from tests.e2e.test_download_all import collect
from tests.factories import link_to, sent_file
from tests.programs import program

BODIES = {
    "empty.txt": b"",
    "one.txt": b"1",
    "whole.bin": bytes(range(256)) * 4096,  # the largest that is fetched whole
    "år/blocks.bin": b"0123456789abcdef" * 65_535,  # of blocks that are all full
    "last.bin": b"more than a block and a megabyte " * 40_000,
}
STORED, DEFLATED, FOLLOWED = 0, 8, 8
JAVA = """
import java.util.zip.*;
public class Streaming {
  public static void main(String[] words) throws Exception {
    var in = new ZipInputStream(System.in);
    for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) System.out.println(in.readAllBytes().length);
  }
}
"""


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(base_url=site, accept_downloads=True)
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def archive(page: Page, alice: User, tmp_path: Path) -> Path:
    files = []
    for path, body in BODIES.items():
        folder, _, name = path.rpartition("/")
        files.append(sent_file(alice, body, name=name, path=folder))
    collect(page, link_to(*files)).save_as(tmp_path / "all.zip")
    return tmp_path / "all.zip"


def streamed(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The files by what stands in front of each (APPNOTE.TXT 4.3.7) and, where it may, behind it (4.3.9)."""
    at = 0
    while archive[at : at + 4] == b"PK\3\4":
        flags, method, _, crc, packed, size, name, extra = struct.unpack(
            "<HHIIIIHH", archive[at + 6 : at + 30]
        )
        begin = at + 30 + name + extra
        path = archive[at + 30 : at + 30 + name].decode()
        if not flags & FOLLOWED:
            assert (method, packed) == (STORED, size)
            body, at = archive[begin : begin + size], begin + size
        else:
            assert method == DEFLATED
            inflating = zlib.decompressobj(-zlib.MAX_WBITS)
            body = inflating.decompress(archive[begin:])
            assert inflating.eof
            end = len(archive) - len(inflating.unused_data)
            signature, crc, packed, size = struct.unpack("<IIII", archive[end : end + 16])
            assert (signature, packed, size) == (0x08074B50, end - begin, len(body))
            at = end + 16
        assert zlib.crc32(body) == crc
        yield path, body
    assert archive[at : at + 4] == b"PK\1\2"


def test_each_file_is_found_by_what_stands_before_and_behind_it(archive: Path) -> None:
    assert dict(streamed(archive.read_bytes())) == BODIES


@pytest.mark.slow
def test_java_and_bsdtar_read_it_as_it_comes(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "Streaming.java").write_text(JAVA)
    java = [program("java", is_on_ci=False), str(tmp_path / "Streaming.java")]
    with archive.open("rb") as stream:
        sizes = subprocess.run(java, stdin=stream, check=True, capture_output=True, text=True).stdout.split()
    assert sorted(map(int, sizes)) == sorted(map(len, BODIES.values()))
    bsdtar = [program("bsdtar", is_on_ci=False), "-xOf", "-"]
    read = subprocess.run(bsdtar, input=archive.read_bytes(), check=True, capture_output=True).stdout
    assert len(read) == sum(map(len, BODIES.values()))
