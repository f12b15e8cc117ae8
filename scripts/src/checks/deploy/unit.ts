// The unit of systemd: sections, keys, the command, and the variables it takes from its environment.

import { flagProblems } from "./flags.ts";

/** The keys that are used, by section (systemd.unit(5), systemd.service(5), systemd.exec(5)). */
const KEYS: Record<string, string[]> = {
	Unit: ["Description", "Documentation", "Wants", "After", "StartLimitIntervalSec"],
	Service: [
		...["Type", "User", "Group", "EnvironmentFile", "ExecStartPre", "ExecStart", "Restart"],
		...["RestartSec", "KillSignal", "TimeoutStopSec", "LimitNOFILE", "StateDirectory"],
		...["StateDirectoryMode", "UMask", "NoNewPrivileges", "CapabilityBoundingSet"],
		...["AmbientCapabilities", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices"],
		...["PrivateMounts", "ProtectClock", "ProtectControlGroups", "ProtectHostname"],
		...["ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc"],
		...["RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"],
		...["LockPersonality", "RemoveIPC", "SystemCallArchitectures", "SystemCallFilter"],
		"SystemCallErrorNumber",
	],
	Install: ["WantedBy"],
};
/** What a validator's unit must say. Execution of written memory is what compiled Wasm is. */
const REQUIRED: [string, RegExp][] = [
	["User", /^(?!root$)\w+$/],
	["Restart", /^always$/],
	["NoNewPrivileges", /^yes$/],
	["ProtectSystem", /^strict$/],
	["UMask", /^0077$/],
	["StateDirectoryMode", /^0700$/],
	["ExecStart", /--validator\b/],
	["ExecStart", /--base-path \/var\/lib\/ballast\b/],
];

interface Entry {
	section: string;
	key: string;
	value: string;
}

/** Lines joined where they end in a backslash, comments left out. */
function entries(text: string, problems: string[]): Entry[] {
	const found: Entry[] = [];
	let section = "";
	for (const line of text.replace(/\\\n\s*/g, "").split("\n")) {
		if (line === "" || /^[#;]/.test(line)) continue;
		const head = /^\[(\w+)\]$/.exec(line);
		const entry = /^(\w+)=(.*)$/.exec(line);
		if (head) section = head[1]!;
		else if (entry) found.push({ section, key: entry[1]!, value: entry[2]! });
		else problems.push(`neither a section nor a key: ${line}`);
	}
	return found;
}

/** What is wrong with the unit, given the example of its environment and the node's options. */
export function unitProblems(unit: string, environment: string, flags: Set<string>): string[] {
	const problems: string[] = [];
	const found = entries(unit, problems);
	for (const { section, key } of found) {
		if (!KEYS[section]) problems.push(`unknown section [${section}]`);
		else if (!KEYS[section].includes(key)) problems.push(`no key ${key} in [${section}]`);
	}
	for (const section of Object.keys(KEYS)) {
		if (!found.some((entry) => entry.section === section)) problems.push(`no [${section}]`);
	}
	const value = (key: string) => found.find((entry) => entry.key === key)?.value ?? "";
	for (const [key, pattern] of REQUIRED) {
		if (!pattern.test(value(key))) problems.push(`${key} must match ${String(pattern)}`);
	}
	const commands = found.filter(({ key }) => key.startsWith("Exec")).map((entry) => entry.value);
	const given = new Set([...environment.matchAll(/^(\w+)=/gm)].map((match) => match[1]!));
	const taken = new Set<string>();
	for (const command of commands) {
		if (!/^-?\//.test(command)) problems.push(`not an absolute path: ${command}`);
		problems.push(...flagProblems(command.split(/\s+/), flags));
		for (const match of command.matchAll(/\$\{?(\w+)\}?/g)) taken.add(match[1]!);
	}
	for (const name of taken) {
		if (!given.has(name)) problems.push(`${name} is not in node.env.example`);
	}
	for (const name of given) {
		if (!taken.has(name)) problems.push(`${name} of node.env.example is not used`);
	}
	return problems;
}
