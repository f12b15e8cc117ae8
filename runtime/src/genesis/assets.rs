//! The assets of the presets: the quote currency and four collaterals, freely minted for tests.

use super::accounts::{self, PROVIDER};
use crate::{constants::pallets::CLEARING_HOUSE, AccountId, Balance};
use alloc::vec::Vec;
use ballast_primitives::AssetId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::AccountIdConversion;

/// An asset of the presets.
#[derive(Clone, Copy)]
pub struct TestAsset {
	/// Its id.
	pub id: AssetId,
	/// Its name.
	pub name: &'static str,
	/// Its ticker.
	pub symbol: &'static str,
	/// Its decimals.
	pub decimals: u8,
	/// Smallest balance, in the asset's least units: about a cent.
	pub min_balance: Balance,
	/// What every trader holds, in whole units.
	holding: Balance,
}

impl TestAsset {
	/// Whole units of this asset in its least units.
	pub const fn units(&self, whole: Balance) -> Balance {
		whole * 10u128.pow(self.decimals as u32)
	}
}

/// The quote currency.
pub const USD: TestAsset = TestAsset {
	id: 1,
	name: "Test US Dollar",
	symbol: "USD",
	decimals: 6,
	min_balance: 10_000,
	holding: 10_000_000,
};
/// Bitcoin.
pub const BTC: TestAsset = TestAsset {
	id: 2,
	name: "Test Bitcoin",
	symbol: "BTC",
	decimals: 8,
	min_balance: 10,
	holding: 100,
};
/// Ether.
pub const ETH: TestAsset = TestAsset {
	id: 3,
	name: "Test Ether",
	symbol: "ETH",
	decimals: 18,
	min_balance: 3_000_000_000_000,
	holding: 2_000,
};
/// Polkadot's DOT.
pub const DOT: TestAsset = TestAsset {
	id: 4,
	name: "Test DOT",
	symbol: "DOT",
	decimals: 10,
	min_balance: 20_000_000,
	holding: 500_000,
};

/// A stable coin that is taken as collateral.
pub const USDT: TestAsset = TestAsset {
	id: 5,
	name: "Test Tether",
	symbol: "USDT",
	decimals: 6,
	min_balance: 10_000,
	holding: 1_000_000,
};

/// Every asset of the presets.
pub const TEST_ASSETS: [TestAsset; 5] = [USD, BTC, ETH, DOT, USDT];

/// What the liquidity provider holds of the quote currency, in whole units.
const PROVIDER_USD: Balance = 100_000_000;

/// Id, owner, whether it lets an account exist without BLST (all do), smallest balance.
pub fn definitions() -> Vec<(AssetId, AccountId, bool, Balance)> {
	let owner = Sr25519Keyring::Alice.to_account_id();
	TEST_ASSETS.iter().map(|asset| (asset.id, owner.clone(), true, asset.min_balance)).collect()
}

/// Id, name, symbol, decimals.
pub fn metadata() -> Vec<(AssetId, Vec<u8>, Vec<u8>, u8)> {
	TEST_ASSETS
		.iter()
		.map(|asset| (asset.id, asset.name.into(), asset.symbol.into(), asset.decimals))
		.collect()
}

/// Who holds how much: every trader the same, the liquidity provider more of the quote currency.
///
/// The clearing house's custody account starts with the least balance of every asset. It belongs to
/// nobody; without it the last withdrawal of an asset would leave dust, which may not exist.
pub fn holdings() -> Vec<(AssetId, AccountId, Balance)> {
	let provider = PROVIDER.account_id();
	let custody: AccountId = CLEARING_HOUSE.into_account_truncating();
	let holding = |asset: &TestAsset, trader: &AccountId| {
		let whole =
			if asset.id == USD.id && *trader == provider { PROVIDER_USD } else { asset.holding };
		(asset.id, trader.clone(), asset.units(whole))
	};
	accounts::traders()
		.iter()
		.flat_map(|trader| TEST_ASSETS.iter().map(move |asset| (asset, trader)))
		.map(|(asset, trader)| holding(asset, trader))
		.chain(TEST_ASSETS.iter().map(|asset| (asset.id, custody.clone(), asset.min_balance)))
		.collect()
}
