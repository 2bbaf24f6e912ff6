// The server under test, told by the environment: see sessions.py.
export const ROOT = process.env.YTESO_ROOT;
export const BASE = `${ROOT}/fhir/R4`;
export const TOKEN = process.env.YTESO_TOKEN;

export const SYSTEM = "https://example.org/conformance";
let made = 0;

/** An identifier that nothing else has. */
export function identifier(of) {
  return { system: `${SYSTEM}/${of}`, value: `${process.pid}-${Date.now()}-${made++}` };
}

export function patient(name, identifiers = [identifier("patient")]) {
  return {
    resourceType: "Patient",
    identifier: identifiers,
    name: [{ family: "Nguyễn", given: name.split(" "), text: `Nguyễn ${name}` }],
    gender: "female",
    birthDate: "1990-02-28",
  };
}

export function observation(subject, value, day = "2026-03-01") {
  return {
    resourceType: "Observation",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8867-4", display: "Heart rate" }] },
    subject: { reference: subject },
    effectiveDateTime: `${day}T08:00:00+07:00`,
    valueQuantity: { value, unit: "/min", system: "http://unitsofmeasure.org", code: "/min" },
  };
}

/** A patient and three results that refer to it by the name it has in the bundle only. */
export function transaction() {
  const urn = `urn:uuid:${crypto.randomUUID()}`;
  const entry = (resource, url, fullUrl) => ({ fullUrl, resource, request: { method: "POST", url } });
  return {
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      entry(patient("Thị Giao"), "Patient", urn),
      ...[71, 72, 73].map((value) => entry(observation(urn, value), "Observation", `urn:uuid:${crypto.randomUUID()}`)),
    ],
  };
}

/** What a promise is refused with. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it was not refused");
}
