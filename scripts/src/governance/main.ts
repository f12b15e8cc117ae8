// `scripts/propose`: proposes a call as a referendum, votes, and follows it to what the call has done.

import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { connect, lost } from "../lib/chain.ts";
import { onConsole } from "../lib/progress.ts";
import { signer } from "../lib/secrets.ts";
import { scaled } from "../lib/units.ts";
import { callOf, describe } from "./calls.ts";
import { dryRun } from "./dry-run.ts";
import { follow, type Outcome } from "./follow.ts";
import { optionsOf, USAGE, type Options } from "./options.ts";
import { inProgress, proposedCall, standing } from "./referenda.ts";
import { takeBack } from "./refunds.ts";
import { begin, costs, submit, type Vote } from "./submit.ts";
import { blockSeconds, table, tracksOf, trackOf } from "./tracks.ts";

/** Exit codes. */
const DONE = 0;
const REFUSED = 1;
const WRONG = 2;

async function run(options: Options, api: ApiPromise): Promise<number> {
	switch (options.task) {
		case "tracks":
			console.log(`a block takes ${blockSeconds(api)} s\n\n${table(api)}`);
			return DONE;
		case "list":
			return list(api);
		case "referendum": {
			const index = options.referendum!;
			const who = options.deposit || options.vote ? signer(options) : undefined;
			if (who) await begin(api, who, index, { deposit: options.deposit, vote: voteOf(api, options) });
			return options.follow ? toTheEnd(api, index, who) : DONE;
		}
		case "propose":
			return propose(options, api);
	}
}

/** Referenda that are not over, with their calls. */
async function list(api: ApiPromise): Promise<number> {
	const tracks = new Map(tracksOf(api).map(({ id, name }) => [id, name]));
	const all = await inProgress(api);
	if (all.length === 0) console.log("no referendum is in progress");
	for (const [index, one] of all) {
		const { approval, support } = await standing(api, one);
		const share = (part: bigint) => `${(Number(part) / 1e7).toFixed(2)}%`;
		const phase =
			one.confirmingUntil !== undefined
				? `confirming until block ${one.confirmingUntil}`
				: one.decidingSince !== undefined
					? `deciding since block ${one.decidingSince}`
					: one.hasDecisionDeposit
						? "preparing"
						: "without a decision deposit";
		console.log(`${index}  ${tracks.get(one.track) ?? one.track}, ${phase}, approval ${share(approval)}, support ${share(support)}`);
		const call = await proposedCall(api, one);
		const lines = call ? await describe(api, call) : ["nobody has noted its preimage"];
		for (const line of lines) console.log(`   ${line}`);
	}
	return DONE;
}

function voteOf(api: ApiPromise, { vote }: Options): Vote | undefined {
	return vote && { ...vote, balance: scaled(vote.balance, api.registry.chainDecimals[0] ?? 12) };
}

async function propose(options: Options, api: ApiPromise): Promise<number> {
	const track = trackOf(api, options.track!);
	const call = await callOf(api, options.wanted);
	for (const line of await describe(api, call)) console.log(line);
	console.log(`call ${call.toHex().length <= 200 ? call.toHex() : `${call.toHex().slice(0, 100)}...`}, hash ${call.hash.toHex()}`);
	const { refusal, lines } = await dryRun(api, call);
	for (const line of lines) console.log(line);
	console.log(costs(api, track, call));
	if (refusal !== undefined && !options.force) {
		console.error("not proposed: it would be refused now (--force proposes it all the same)");
		return WRONG;
	}
	if (options.dryRun) return DONE;
	const who = signer(options);
	const index = await submit(api, who, track, call, options.enactment);
	console.log(`referendum ${index} on ${track.name}`);
	await begin(api, who, index, { deposit: options.deposit, vote: voteOf(api, options) });
	if (options.follow) return toTheEnd(api, index, who);
	console.log(`deposits do not come back by themselves: afterwards, referenda.refundDecisionDeposit(${index}) and refundSubmissionDeposit(${index})`);
	return DONE;
}

/** Follows it, says what has become of it, and has whoever signs take the deposits back. */
async function toTheEnd(api: ApiPromise, index: number, who: KeyringPair | undefined): Promise<number> {
	const outcome = await follow(api, index, onConsole());
	const code = told(outcome, index);
	for (const line of await takeBack(api, index, who)) console.log(line);
	return code;
}

function told(outcome: Outcome, index: number): number {
	if (outcome.kind === "enacted") {
		console.log(`enacted in block ${outcome.block}`);
		for (const { section, method, data } of outcome.events) {
			const fields = Object.entries(data).map(([name, value]) => `${name} ${JSON.stringify(value.toHuman())}`);
			console.log(`  ${section}.${method} ${fields.join(", ")}`);
		}
		return DONE;
	}
	if (outcome.kind === "refused") {
		console.error(`refused in block ${outcome.block}: ${outcome.refused.message}`);
	} else if (outcome.kind === "lost") {
		console.error(
			`lost: approved in block ${outcome.block}, but the agenda of the block of its enactment was full, so its call is never made. Submit the same proposal again as a new referendum; votes on ${index} do not count for it`,
		);
	} else {
		console.error(`${outcome.kind} in block ${outcome.block}`);
	}
	return REFUSED;
}

async function main(argv: string[]): Promise<number> {
	let options: Options;
	try {
		if (argv.length === 0 || argv.includes("--help") || argv.includes("-h")) {
			console.log(USAGE);
			return argv.length === 0 ? WRONG : DONE;
		}
		options = optionsOf(argv);
	} catch (error) {
		console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
		return WRONG;
	}
	const api = await connect(options.url, 20_000);
	try {
		return await Promise.race([run(options, api), lost(api)]);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		return WRONG;
	} finally {
		await api.disconnect();
	}
}

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(WRONG);
	},
);
