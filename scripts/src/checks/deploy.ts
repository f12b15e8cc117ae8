// What deploy/ holds, as far as it can be known without running it: the unit's keys and their sections,
// the variables it takes, instructions of the Dockerfile and what they copy, the network of the compose
// file and its node keys; and that every option given to the node is one that it has.

import { readFileSync } from "node:fs";
import { composeProblems } from "./deploy/compose.ts";
import { dockerfileProblems } from "./deploy/dockerfile.ts";
import { nodeFlags } from "./deploy/flags.ts";
import { unitProblems } from "./deploy/unit.ts";

const root = new URL("../../../", import.meta.url).pathname;
const read = (name: string) => readFileSync(`${root}deploy/${name}`, "utf8");

const flags = nodeFlags(root);
const checks: Record<string, string[]> = {
	"ballast-node.service": unitProblems(read("ballast-node.service"), read("node.env.example"), flags),
	Dockerfile: dockerfileProblems(read("Dockerfile"), root, flags),
	"compose.yaml": composeProblems(read("compose.yaml"), `${root}deploy/`, flags),
};
const broken = Object.entries(checks).flatMap(([file, problems]) =>
	problems.map((problem) => `deploy/${file}: ${problem}`),
);
if (broken.length > 0) {
	console.error(`deployment files:\n  ${broken.join("\n  ")}`);
	process.exit(1);
}
console.log(
	`deploy: ${Object.keys(checks).join(", ")} sound, options among the node's ${flags.size}`,
);
