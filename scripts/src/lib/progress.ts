// One line that says how far something is: rewritten on a terminal, written anew elsewhere when it matters.

/** Says how far something is. `phase` changes rarely: elsewhere than on a terminal a line is written only then. */
export type Say = (line: string, phase: string) => void;

/** On standard output. */
export function onConsole(): Say {
	let last: string | undefined;
	const terminal = process.stdout.isTTY === true;
	return (line, phase) => {
		if (terminal) {
			const rewrites = last === phase;
			process.stdout.write(`${rewrites ? "\x1b[1A\x1b[2K\r" : ""}${line}\n`);
		} else if (last !== phase) {
			console.log(line);
		}
		last = phase;
	};
}

/** So many blocks as time, for people. */
export function blocksAsTime(blocks: number, blockSeconds: number): string {
	const seconds = Math.max(0, Math.round(blocks * blockSeconds));
	const units = [
		[86_400, "d"],
		[3_600, "h"],
		[60, "min"],
		[1, "s"],
	] as const;
	const at = units.findIndex(([length]) => seconds >= length);
	if (at < 0) return "0 s";
	const [length, name] = units[at]!;
	const next = units[at + 1];
	const rest = next ? Math.floor((seconds % length) / next[0]) : 0;
	return `${Math.floor(seconds / length)} ${name}${next && rest > 0 ? ` ${rest} ${next[1]}` : ""}`;
}
