import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/js/lib/api.js";
import { Registration } from "../../static/js/uploads/registration.js";

/** @typedef {import("../../static/js/uploads/records.js").Records} Records */
/** @typedef {import("../../static/js/uploads/registration.js").Call} Call */

const SPEC = { name: "a.txt", size: 5 };
const options = { isSmall: false, call: /** @type {Call} */ ((ask) => ask()) };
const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * An API that keeps its requests, and answers a start with its own record, if not with `answer`.
 *
 * @param {{ answer?: () => unknown, refusal?: Error }} answers
 */
function recordsOf({ answer, refusal } = {}) {
  /** @type {[string, string][]} */
  const asked = [];
  const records = {
    start: async (/** @type {{ id: string }} */ { id }) => {
      asked.push(["start", id]);
      return (await answer?.()) ?? { id };
    },
    cancel: async (/** @type {string} */ id) => {
      asked.push(["cancel", id]);
      if (refusal) throw refusal;
      return null;
    },
  };
  return { asked, records: /** @type {Records} */ (/** @type {unknown} */ (records)) };
}

test("a start that is repeated has the same id", async () => {
  const { asked, records } = recordsOf();
  const registration = new Registration(records, null);
  await registration.start(SPEC, options);
  await registration.start(SPEC, options);
  const [[, first], [, second]] = asked;
  assert.match(first, /^[0-9a-f-]{36}$/);
  assert.equal(first, second);
  assert.equal(registration.record?.id, first);
  assert.ok(registration.isOfThisPage);
});

test("an upload that brought the same before is not this one's record", async () => {
  const registration = new Registration(recordsOf({ answer: () => ({ id: "before" }) }).records, null);
  assert.equal((await registration.start(SPEC, options)).id, "before");
  assert.equal(registration.record, null);
});

test("what is begun anew has an id of its own", async () => {
  const { asked, records } = recordsOf();
  const registration = new Registration(records, null);
  await registration.start(SPEC, options);
  await registration.discard();
  await registration.start(SPEC, options);
  const ids = asked.map(([, id]) => id);
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
});

test("what is cancelled while it starts is cancelled once more when that has come", async () => {
  let answer = () => {};
  const late = new Promise((resolve) => {
    answer = () => resolve(null);
  });
  const { asked, records } = recordsOf({ answer: () => late });
  const registration = new Registration(records, null);
  const starting = registration.start(SPEC, options);
  assert.equal(await registration.discard(), null);
  answer();
  await starting;
  await settle();
  assert.deepEqual(
    asked.map(([what]) => what),
    ["start", "cancel", "cancel"],
  );
  assert.equal(registration.record, null);
});

test("what the API does not cancel is told, unless it is gone anyway", async () => {
  const record = /** @type {schema.UploadOut} */ ({ id: "1" });
  for (const { status, type, isKept } of [
    { status: 400, type: "", isKept: true },
    { status: 404, type: "", isKept: false },
    { status: 409, type: "x/upload-closed", isKept: false },
  ]) {
    const refusal = new ApiError(status, { type });
    const registration = new Registration(recordsOf({ refusal }).records, record);
    assert.deepEqual(await registration.discard(), isKept ? { record, error: refusal } : null);
    assert.equal(registration.record, null);
  }
});

test("where nothing was begun, nothing is cancelled", async () => {
  const { asked, records } = recordsOf();
  assert.equal(await new Registration(records, null).discard(), null);
  assert.deepEqual(asked, []);
});
