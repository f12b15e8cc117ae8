// Sizes of files and functions. Files: below 400 lines; a contents page (lib.rs) below 500; the list of
// the runtime's interfaces, which one macro takes whole, below 600. Functions of Rust: below 70 lines, by clippy (`clippy.toml`). Functions of TypeScript: here.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import ts from "typescript";

const FILE = 400;
const CONTENTS_PAGE = 500;
const INTERFACES = 600;
const FUNCTION = 70;
// Tables of figures made by a script.
const GENERATED = /(^|\/)(tables?|weights|generated)[^/]*\.(rs|ts)$/;

const root = new URL("../../../", import.meta.url).pathname;
const tracked = ["ls-files", "--cached", "--others", "--exclude-standard", "*.rs", "*.ts"];
const files = execFileSync("git", tracked, { cwd: root }).toString().trim().split("\n");

const broken: string[] = [];
let looked = 0;
for (const file of files) {
	if (file === "" || GENERATED.test(file)) continue;
	const text = readFileSync(root + file, "utf8");
	looked += 1;
	const lines = text.split("\n").length - 1;
	const limit = limitOf(file);
	if (lines >= limit) broken.push(`${file}: ${lines} lines (limit ${limit})`);
	if (file.endsWith(".ts")) broken.push(...longFunctions(file, text));
}

function limitOf(file: string): number {
	if (file === "runtime/src/apis.rs") return INTERFACES;
	return file.endsWith("/lib.rs") ? CONTENTS_PAGE : FILE;
}

function longFunctions(file: string, text: string): string[] {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
	const long: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && "body" in node && node.body) {
			const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
			const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
			if (last - first + 1 > FUNCTION) {
				long.push(`${file}:${first + 1}: function of ${last - first + 1} lines (limit ${FUNCTION})`);
			}
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return long;
}

if (broken.length > 0) {
	console.error(`too long:\n  ${broken.join("\n  ")}`);
	process.exit(1);
}
console.log(`sizes: ${looked} files within their limits`);
