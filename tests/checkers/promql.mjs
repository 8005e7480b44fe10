// Parses queries by Prometheus' own grammar.
//
//   node promql.mjs <job.json      {"queries": [text]}
//
// Prints {"faults": [query]}: those that the grammar does not take whole.
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";

const job = JSON.parse(readFileSync(0, "utf8"));
const faults = job.queries.filter((query) => {
  let wrong = false;
  parser.parse(query).iterate({ enter: (node) => void (wrong ||= node.type.isError) });
  return wrong;
});
console.log(JSON.stringify({ faults }));
