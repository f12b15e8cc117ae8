// Prices that are fed all the time, in the background of a test.

import type { ApiPromise } from "@polkadot/api";
import { operators } from "../lib/actors.ts";
import { sleep } from "../lib/chain.ts";
import { Operators, type Observation } from "../lib/oracle.ts";

export class Feed {
	private stopped = false;
	private rounds = 0;
	private done: Promise<void> = Promise.resolve();

	private constructor(
		private readonly feeders: Operators,
		private observations: Observation[],
	) {}

	/** Begins; returns once the first prices are in a block. */
	static async begin(api: ApiPromise, observations: Observation[]): Promise<Feed> {
		const feed = new Feed(await Operators.connect(api, operators), observations);
		feed.done = feed.run();
		await feed.more(1);
		return feed;
	}

	/** Feeds other prices from now on; returns once they have been fed and looked at. */
	async set(observations: Observation[]): Promise<void> {
		this.observations = observations;
		// The round that is under way has the old ones.
		await this.more(2);
	}

	/** Waits for so many more rounds. */
	async more(rounds: number): Promise<void> {
		const target = this.rounds + rounds;
		while (this.rounds < target) {
			if (this.stopped) throw new Error("nobody feeds any more");
			await sleep(200);
		}
	}

	async stop(): Promise<void> {
		this.stopped = true;
		await this.done;
	}

	private async run(): Promise<void> {
		let failures = 0;
		while (!this.stopped) {
			try {
				await this.feeders.round(this.observations);
				this.rounds += 1;
				failures = 0;
			} catch (error) {
				// A feed may miss its block, or be in two branches of the chain.
				failures += 1;
				if (failures > 20) throw error;
				await sleep(1_000);
				await this.feeders.refresh();
			}
		}
	}
}
