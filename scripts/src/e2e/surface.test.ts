// Operators quote a surface with a skew, carry and a rate: the chain prices with it, and refuses one that
// has arbitrage.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actors, operators, UNDERLYING } from "../lib/actors.ts";
import { send } from "../lib/chain.ts";
import { Operators, volatilityFeed, type Observation } from "../lib/oracle.ts";
import { fixed } from "../lib/units.ts";
import { big, callApi, marketNow } from "../lib/views.ts";
import { EXPIRY_DAY, EXPIRY_MONTH } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { FITTED, MARKS, SPOT } from "./quotes.ts";
import { withNodes } from "./support.ts";

const STRIKES = [60_000, 75_000, 90_000, 100_000, 150_000];

const market: Observation[] = [{ underlying: UNDERLYING.BTC, spot: SPOT, volatility: FITTED }];
/** The fourth tenor's wings are steeper than the fifth's: calendar spreads below nothing. */
const crossing: Observation[] = [
	{
		underlying: UNDERLYING.BTC,
		spot: SPOT,
		volatility: FITTED.map((slice, i) => (i === 3 ? { ...slice, psi: 0.4 } : slice)),
	},
];

test("the chain prices with the operators' surface and refuses arbitrage", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const feeders = await Operators.connect(api, operators);
		const { options, utility, sudo } = api.tx;
		const grid = (expiry: number) =>
			options!["listGrid"]!(UNDERLYING.BTC, "European", "Cash", expiry, STRIKES.map((k) => fixed(k)));
		const american = options!["listSeries"]!(UNDERLYING.BTC, "Put", "American", "Cash", fixed(90_000), EXPIRY_MONTH);
		const lists = utility!["batchAll"]!([grid(EXPIRY_DAY), grid(EXPIRY_MONTH), american]);
		await Promise.all([feeders.round(market), send(api, actors.sudo, sudo!["sudo"]!(lists))]);
		await feeders.round(market);

		const now = await marketNow(api);
		const errors = await Promise.all(
			MARKS.map(async ([seconds, strike, mark]) => {
				const at = [UNDERLYING.BTC, fixed(strike), now + seconds] as const;
				const found = (await callApi(api, "marketApi", "volatility", ...at)).toPrimitive();
				return Math.abs(Number(big(found)) / 1e16 - mark);
			}),
		);
		const mean = errors.reduce((sum, error) => sum + error) / errors.length;
		const worst = Math.max(...errors);
		console.log(`volatility against ${errors.length} marks: mean ${mean.toFixed(2)}, worst ${worst.toFixed(2)} points`);
		assert.ok(worst < 1.5 && mean < 0.5, `${errors}`);

		const answer = (await callApi(api, "marketApi", "integrity", UNDERLYING.BTC)).toPrimitive();
		const integrity = answer as Record<string, unknown>;
		assert.equal(integrity["strikes"], 2 * STRIKES.length);
		for (const relation of ["parity", "monotonicity", "convexity", "calendar"]) {
			// 1e-12 dollars: the rounding of prices
			assert.ok(big(integrity[relation]) < 1_000_000n, `${relation}: ${integrity[relation]}`);
		}

		const journal = await Journal.open(api, new Set(["priceFeed"]));
		const before = (await callApi(api, "marketApi", "market", UNDERLYING.BTC)).toPrimitive();
		await send(api, operators[4]!, volatilityFeed(api, crossing));
		await feeders.refresh();
		await feeders.round(market);
		await journal.close();
		const ignored = journal.all("priceFeed", "ValueIgnored");
		assert.ok(ignored.some((event) => event.data["operator"] === operators[4]!.address));
		const after = (await callApi(api, "marketApi", "market", UNDERLYING.BTC)).toPrimitive();
		const surface = (view: unknown) =>
			JSON.stringify((view as { state: { volatility: unknown } }).state.volatility);
		assert.equal(surface(after), surface(before));
	});
});
