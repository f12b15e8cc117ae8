// Polkadot.js decodes every call, event, error, storage item and runtime API of the chain without
// custom types.

import assert from "node:assert/strict";
import { test } from "node:test";
import { withNodes } from "./support.ts";

const OUR_PALLETS = [
	"riskParams",
	"priceFeed",
	"options",
	"margin",
	"riskPool",
	"liquidation",
	"blockTrades",
	"optionVaults",
];
const OUR_APIS = [
	"riskParamsApi",
	"riskImpactApi",
	"marketApi",
	"optionsApi",
	"marginApi",
	"poolApi",
	"liquidationApi",
	"blockTradesApi",
	"optionVaultsApi",
];

test("every call, event, error and runtime API decodes without custom types", async () => {
	await withNodes(async (start) => {
		const { api } = await start({ args: ["--dev"], asTyped: true });
		const { registry } = api;
		const lookup = registry.lookup;
		let types = 0;
		for (const type of lookup.types) {
			const definition = lookup.getTypeDef(type.id);
			assert.ok(definition.type, `type ${type.id.toString()} has no definition`);
			// Creating the class resolves every type inside it.
			registry.createClass(registry.createLookupType(type.id));
			types += 1;
		}
		assert.ok(types > 300, `only ${types} types`);
		for (const pallet of OUR_PALLETS) {
			assert.ok(api.tx[pallet] ?? api.query[pallet], `no pallet ${pallet}`);
			for (const error of Object.values(api.errors[pallet] ?? {})) {
				assert.ok(error.meta.docs.length > 0, `${pallet}.${error.meta.name.toString()} has no docs`);
			}
			for (const call of Object.values(api.tx[pallet] ?? {})) {
				assert.ok(call.meta.docs.length > 0, `${pallet}.${call.method} has no docs`);
			}
		}
		for (const runtimeApi of OUR_APIS) {
			assert.ok(api.call[runtimeApi], `no runtime API ${runtimeApi}`);
		}
	});
});
