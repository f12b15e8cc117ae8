// The Dockerfile: instructions, stages, pinned bases, sources of copies, and who runs the node.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { flagProblems } from "./flags.ts";

const INSTRUCTIONS = new Set([
	...["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN"],
	...["SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

interface Instruction {
	name: string;
	rest: string;
}

function instructions(text: string, problems: string[]): Instruction[] {
	const lines = text
		.split("\n")
		.filter((line) => !/^\s*#/.test(line))
		.join("\n")
		.replace(/\\\n\s*/g, "")
		.split("\n")
		.filter((line) => line.trim() !== "");
	return lines.flatMap((line) => {
		const match = /^([A-Z]+)\s+(.+)$/.exec(line);
		if (match && INSTRUCTIONS.has(match[1]!)) return [{ name: match[1]!, rest: match[2]! }];
		problems.push(`not an instruction: ${line}`);
		return [];
	});
}

/** The words of the JSON form, or nothing if it is not one. */
function words(rest: string): string[] | undefined {
	try {
		const parsed: unknown = JSON.parse(rest.slice(rest.indexOf("[")));
		return Array.isArray(parsed) ? parsed.map(String) : undefined;
	} catch {
		return undefined;
	}
}

function copyProblems(rest: string, context: string, stages: Set<string>): string[] {
	const options = rest.split(/\s+/).filter((word) => word.startsWith("--"));
	const from = options.find((word) => word.startsWith("--from="))?.slice("--from=".length);
	if (from !== undefined) return stages.has(from) ? [] : [`no stage ${from} to copy from`];
	const paths = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
	const missing = paths.slice(0, -1).filter((path) => !existsSync(join(context, path)));
	return missing.map((path) => `${path}, which is copied, does not exist`);
}

/** What is wrong with the Dockerfile, built in this folder. */
export function dockerfileProblems(text: string, context: string, flags: Set<string>): string[] {
	const problems: string[] = [];
	const all = instructions(text, problems);
	if (!["ARG", "FROM"].includes(all[0]?.name ?? "")) problems.push("does not begin with FROM");
	const stages = new Set<string>();
	let user = "root";
	for (const { name, rest } of all) {
		if (name === "FROM") {
			const [base, , stage] = rest.split(/\s+/);
			if (!/:\d+\.\d+[\w.-]*$|@sha256:[0-9a-f]{64}$/.test(base!)) {
				problems.push(`${base} is not pinned to a version`);
			}
			if (stage) stages.add(stage);
			user = "root";
		} else if (name === "COPY") {
			problems.push(...copyProblems(rest, context, stages));
		} else if (name === "USER") {
			user = rest;
		} else if (name === "ENTRYPOINT" || name === "CMD") {
			const list = words(rest);
			if (list) problems.push(...flagProblems(list, flags));
			else problems.push(`${name} is not a list, so signals do not reach the node`);
		}
	}
	if (/^(root|0)\b/.test(user)) problems.push("the node would run as root");
	if (!all.some(({ name }) => name === "ENTRYPOINT")) problems.push("no ENTRYPOINT");
	return problems;
}
