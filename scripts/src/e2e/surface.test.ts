// Operators quote a surface with a skew, carry and a rate: the chain prices with it, and refuses one that
// has arbitrage.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actors, operators, UNDERLYING } from "../lib/actors.ts";
import { send } from "../lib/chain.ts";
import { Operators, volatilityFeed, type Observation, type Slice } from "../lib/oracle.ts";
import { fixed } from "../lib/units.ts";
import { big, callApi } from "../lib/views.ts";
import { EXPIRY_DAY, EXPIRY_MONTH } from "../demo/desk.ts";
import { Journal } from "../demo/journal.ts";
import { withNodes } from "./support.ts";

const SPOT = 8000;
const STRIKES = [4000, 6000, 8000, 10_000, 16_000];
const PSI = [0.08, 0.11, 0.16, 0.22, 0.27, 0.38];

const skewed: Slice[] = PSI.map((psi) => ({ volatility: 0.6, rho: -0.3, psi, carry: 0.05, rate: 0.03 }));
const market: Observation[] = [{ underlying: UNDERLYING.BTC, spot: SPOT, volatility: skewed }];
/** The fourth tenor's wings are steeper than the fifth's: calendar spreads below nothing. */
const crossing: Observation[] = [
	{
		underlying: UNDERLYING.BTC,
		spot: SPOT,
		volatility: skewed.map((slice, i) => (i === 3 ? { ...slice, psi: 0.6 } : slice)),
	},
];

test("the chain prices with the operators' surface and refuses arbitrage", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"] });
		const feeders = await Operators.connect(api, operators);
		const { options, utility, sudo } = api.tx;
		const grid = (expiry: number) =>
			options!["listGrid"]!(UNDERLYING.BTC, "European", expiry, STRIKES.map((k) => fixed(k)));
		const american = options!["listSeries"]!(UNDERLYING.BTC, "Put", "American", fixed(8000), EXPIRY_MONTH);
		const lists = utility!["batchAll"]!([grid(EXPIRY_DAY), grid(EXPIRY_MONTH), american]);
		await Promise.all([feeders.round(market), send(api, actors.sudo, sudo!["sudo"]!(lists))]);
		await feeders.round(market);

		const volatility = async (strike: number) =>
			Number(
				big(
					(
						await callApi(api, "marketApi", "volatility", UNDERLYING.BTC, fixed(strike), EXPIRY_MONTH)
					).toPrimitive(),
				),
			) / 1e18;
		const [low, middle, high] = await Promise.all([4000, 8000, 16_000].map(volatility));
		assert.ok(low! > middle! + 0.05 && high! > middle!, `${low} ${middle} ${high}`);
		assert.ok(Math.abs(middle! - 0.6) < 0.01, `${middle}`);

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
