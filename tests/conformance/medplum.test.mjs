// A session of @medplum/core (https://github.com/medplum/medplum, Apache-2.0).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT, TOKEN, identifier, observation, patient, refusal, transaction } from "./node.mjs";

globalThis.WebSocket ??= class {}; // Node.js has one from version 22; no session here uses it
const { MedplumClient, OperationOutcomeError } = await import("@medplum/core");

const client = new MedplumClient({ baseUrl: `${ROOT}/`, fhirUrlPath: "fhir/R4", fetch, accessToken: TOKEN, cacheTime: 0 });
const outcome = async (promise) => {
  const error = await refusal(promise);
  assert.ok(error instanceof OperationOutcomeError, error);
  return error.outcome;
};

test("creates, reads, updates, reads the history, deletes", async () => {
  const made = await client.createResource(patient("Văn Đọc"));
  const read = await client.readResource("Patient", made.id);
  assert.equal(read.name[0].text, "Nguyễn Văn Đọc");
  const changed = await client.updateResource({ ...read, gender: "male" });
  assert.notEqual(changed.meta.versionId, read.meta.versionId);
  assert.equal((await client.readVersion("Patient", made.id, read.meta.versionId)).gender, "female");
  assert.equal((await client.readHistory("Patient", made.id)).entry.length, 2);
  await client.deleteResource("Patient", made.id);
  assert.equal((await outcome(client.readResource("Patient", made.id, { cache: "reload" }))).resourceType, "OperationOutcome");
});

test("an update that changes nothing", async () => {
  const made = await client.createResource(patient("Thị Nguyên"));
  const same = await client.updateResource(made);
  assert.equal(same.meta.versionId, made.meta.versionId);
});

test("patches", async () => {
  const made = await client.createResource(patient("Văn Vá"));
  const changed = await client.patchResource("Patient", made.id, [{ op: "replace", path: "/gender", value: "unknown" }]);
  assert.equal(changed.gender, "unknown");
});

test("creates only once", async () => {
  const own = identifier("patient");
  const query = `identifier=${own.system}|${own.value}`;
  const first = await client.createResourceIfNoneExist(patient("Thị Một", [own]), query);
  const again = await client.createResourceIfNoneExist(patient("Thị Một", [own]), query);
  assert.equal(again.id, first.id);
});

test("updates what a search finds, or makes it", async () => {
  const own = identifier("patient");
  const query = `identifier=${own.system}|${own.value}`;
  const made = await client.upsertResource(patient("Thị Hai", [own]), query);
  const changed = await client.upsertResource({ ...patient("Thị Hai", [own]), gender: "other" }, query);
  assert.equal(changed.id, made.id);
  assert.equal(changed.gender, "other");
});

test("refuses an update of what somebody else has changed", async () => {
  const made = await client.createResource(patient("Thị Tranh"));
  const ours = { headers: { "If-Match": `W/"${made.meta.versionId}"` } };
  await client.updateResource({ ...made, gender: "male" }, ours);
  assert.ok((await outcome(client.updateResource({ ...made, gender: "other" }, ours))).issue.length > 0);
  assert.equal((await client.readResource("Patient", made.id, { cache: "reload" })).gender, "male");
});

test("searches and walks the pages", async () => {
  const made = await client.createResource(patient("Thị Trang"));
  const values = [60, 61, 62, 63, 64];
  for (const value of values) {
    await client.createResource(observation(`Patient/${made.id}`, value));
  }
  const seen = [];
  const search = { patient: made.id, code: "http://loinc.org|8867-4", _count: "2" };
  for await (const page of client.searchResourcePages("Observation", search)) {
    assert.ok(page.length <= 2);
    seen.push(...page.map((one) => one.valueQuantity.value));
  }
  assert.deepEqual(seen.sort(), values);
  const sorted = await client.searchResources("Observation", { patient: made.id, _sort: "-value-quantity", _count: "9" });
  assert.deepEqual(sorted.map((one) => one.valueQuantity.value), values.toReversed());
});

test("a transaction is all or nothing", async () => {
  const done = await client.executeBatch(transaction());
  assert.ok(done.entry.every((entry) => entry.response.status.startsWith("201")));
  const id = done.entry[0].response.location.match(/Patient\/([^/]+)/)[1];
  assert.equal((await client.readPatientEverything(id)).entry.length, 4);

  const broken = transaction();
  const [own] = broken.entry[0].resource.identifier;
  broken.entry[1].resource.code = undefined;
  assert.ok((await outcome(client.executeBatch(broken))).issue.length > 0);
  assert.equal(await client.searchOne("Patient", `identifier=${own.system}|${own.value}`), undefined);
});

test("validates", async () => {
  const good = await client.validateResource(patient("Thị Đúng"));
  assert.equal(good.resourceType, "OperationOutcome");
});
