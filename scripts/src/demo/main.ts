// Starts a development chain, plays an act on it, and reports.
//   main.ts [--act thursday|vault] [--once]

import { parseArgs } from "node:util";
import type { ApiPromise } from "@polkadot/api";
import { connect, listens } from "../lib/chain.ts";
import { freePort, NodeProcess } from "../lib/node.ts";
import { latency } from "./latency.ts";
import { report, type Check } from "./report.ts";
import { Story } from "./story.ts";
import { VaultAct } from "./vaults/act.ts";

type Act = (api: ApiPromise) => Promise<Check[]>;

const ACTS: Readonly<Record<string, Act>> = {
	thursday: async (api) => {
		const journal = await (await Story.open(api)).play();
		console.log(`\nliquidations started: ${latency(journal).text}`);
		return report(api, journal);
	},
	vault: async (api) => (await VaultAct.open(api)).play(),
};

interface Wanted {
	act: Act;
	once: boolean;
}

/** What the command line asks for; ends with what is wrong with it. */
function wanted(): Wanted {
	try {
		const { values } = parseArgs({
			options: {
				act: { type: "string", default: "thursday" },
				once: { type: "boolean", default: false },
			},
		});
		const act = Object.hasOwn(ACTS, values.act) ? ACTS[values.act] : undefined;
		if (!act) throw new Error(`no such act: ${values.act} (there are: ${Object.keys(ACTS).join(", ")})`);
		return { act, once: values.once };
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(2);
	}
}

/** The usual RPC port if nobody listens on it. */
async function rpcPort(): Promise<number> {
	return (await listens(9944)) ? freePort() : 9944;
}

async function main({ act, once }: Wanted): Promise<boolean> {
	const node = await NodeProcess.start({ args: ["--dev"], rpcPort: await rpcPort() });
	process.once("SIGINT", () => void node.stop().then(() => process.exit(130)));
	process.once("SIGTERM", () => void node.stop().then(() => process.exit(143)));
	console.log(`node ${node.pid} at ${node.url}, log ${node.logFile}`);
	try {
		const api = await connect(node.url);
		const { specName, specVersion } = api.runtimeVersion;
		console.log(`chain ${(await api.rpc.system.chain()).toString()}, runtime ${specName.toString()}-${specVersion.toString()}`);
		const checks = await act(api);
		console.log("\nchecked, from the chain's state:");
		for (const { what, holds, figures } of checks) {
			console.log(`  ${holds ? "holds " : "BROKEN"}  ${what}\n          ${figures}`);
		}
		const sound = checks.every(({ holds }) => holds);
		if (!once) await leaveRunning(node);
		await api.disconnect();
		return sound;
	} finally {
		await node.stop();
	}
}

async function leaveRunning(node: NodeProcess): Promise<void> {
	const address = encodeURIComponent(node.url);
	console.log(`\nThe node is still running. Look around with Polkadot.js Apps:`);
	console.log(`  https://polkadot.js.org/apps/?rpc=${address}`);
	console.log("Ctrl-C stops it.");
	while (node.running) await new Promise((resolve) => setTimeout(resolve, 1000));
}

main(wanted()).then(
	(sound) => process.exit(sound ? 0 : 1),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
