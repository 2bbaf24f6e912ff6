// A session of fhir-kit-client (https://github.com/Vermonster/fhir-kit-client, MIT).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "fhir-kit-client";
import { BASE, TOKEN, identifier, observation, patient, refusal, transaction } from "./node.mjs";

const client = new Client({ baseUrl: BASE, bearerToken: TOKEN });
const status = async (promise) => (await refusal(promise)).response.status;

test("says what it can do", async () => {
  const statement = await new Client({ baseUrl: BASE }).capabilityStatement();
  assert.equal(statement.resourceType, "CapabilityStatement");
  assert.equal(statement.fhirVersion, "4.0.1");
});

test("nothing without a token", async () => {
  assert.equal(await status(new Client({ baseUrl: BASE }).search({ resourceType: "Patient", searchParams: { _id: "x" } })), 401);
});

test("creates, reads, updates, reads the old version, deletes", async () => {
  const made = await client.create({ resourceType: "Patient", body: patient("Văn Đọc") });
  assert.ok(made.id);
  const read = await client.read({ resourceType: "Patient", id: made.id });
  assert.equal(read.name[0].text, "Nguyễn Văn Đọc");
  const changed = await client.update({ resourceType: "Patient", id: made.id, body: { ...read, gender: "male" } });
  assert.notEqual(changed.meta.versionId, read.meta.versionId);
  const old = await client.vread({ resourceType: "Patient", id: made.id, version: read.meta.versionId });
  assert.equal(old.gender, "female");
  const history = await client.resourceHistory({ resourceType: "Patient", id: made.id });
  assert.equal(history.total, 2);
  await client.delete({ resourceType: "Patient", id: made.id });
  assert.equal(await status(client.read({ resourceType: "Patient", id: made.id })), 410);
});

test("patches", async () => {
  const made = await client.create({ resourceType: "Patient", body: patient("Văn Vá") });
  await client.patch({
    resourceType: "Patient",
    id: made.id,
    jsonPatch: [{ op: "replace", path: "/gender", value: "unknown" }],
  });
  assert.equal((await client.read({ resourceType: "Patient", id: made.id })).gender, "unknown");
});

test("refuses an update of what somebody else has changed", async () => {
  const made = await client.create({ resourceType: "Patient", body: patient("Thị Tranh") });
  const ours = { headers: { "If-Match": `W/"${made.meta.versionId}"` } };
  await client.update({ resourceType: "Patient", id: made.id, body: { ...made, gender: "male" }, options: ours });
  const late = client.update({ resourceType: "Patient", id: made.id, body: { ...made, gender: "other" }, options: ours });
  assert.ok([409, 412].includes(await status(late)));
  assert.equal((await client.read({ resourceType: "Patient", id: made.id })).gender, "male");
});

test("searches and walks the pages", async () => {
  const own = identifier("patient");
  const made = await client.create({ resourceType: "Patient", body: patient("Thị Trang", [own]) });
  const values = [60, 61, 62, 63, 64];
  for (const value of values) {
    await client.create({ resourceType: "Observation", body: observation(`Patient/${made.id}`, value) });
  }
  const byIdentifier = await client.search({
    resourceType: "Patient",
    searchParams: { identifier: `${own.system}|${own.value}` },
  });
  assert.deepEqual(byIdentifier.entry.map((entry) => entry.resource.id), [made.id]);
  const seen = [];
  let page = await client.search({
    resourceType: "Observation",
    searchParams: { patient: made.id, code: "http://loinc.org|8867-4", _count: 2 },
  });
  while (page) {
    assert.ok(page.entry.length <= 2);
    seen.push(...page.entry.map((entry) => entry.resource.valueQuantity.value));
    page = await client.nextPage({ bundle: page });
  }
  assert.deepEqual(seen.sort(), values);
});

test("a transaction is all or nothing", async () => {
  const bundle = transaction();
  const done = await client.transaction({ body: bundle });
  assert.equal(done.type, "transaction-response");
  assert.ok(done.entry.every((entry) => entry.response.status.startsWith("201")));
  const id = done.entry[0].response.location.match(/Patient\/([^/]+)/)[1];
  const found = await client.search({ resourceType: "Observation", searchParams: { patient: id } });
  assert.equal(found.entry.length, 3);

  const broken = transaction();
  const [own] = broken.entry[0].resource.identifier;
  broken.entry[2].resource.status = "no such status";
  assert.ok([400, 422].includes(await status(client.transaction({ body: broken }))));
  const none = await client.search({
    resourceType: "Patient",
    searchParams: { identifier: `${own.system}|${own.value}` },
  });
  assert.equal(none.entry?.length ?? 0, 0);
});

test("an operation: everything of a patient", async () => {
  const done = await client.transaction({ body: transaction() });
  const id = done.entry[0].response.location.match(/Patient\/([^/]+)/)[1];
  const all = await client.operation({ name: "everything", resourceType: "Patient", id, method: "GET" });
  assert.equal(all.entry.length, 4);
});
