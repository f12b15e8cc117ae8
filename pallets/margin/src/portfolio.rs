//! Moving a share of everything from one account to another: bids in auctions, takeovers.

use crate::{
	pallet::{Event, Sweep},
	Account, Config, Error, Pallet,
};
use ballast_primitives::{Quantity, Ratio, Series, SeriesId, SeriesState};
use ballast_traits::{InspectMarket, InspectSeries};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::ArithmeticError;

/// This share of a signed quantity, rounded towards zero; the whole to the last unit.
fn share_of(quantity: Quantity, share: Ratio) -> Result<Quantity, ArithmeticError> {
	if share == Ratio::ONE {
		Ok(quantity)
	} else if quantity.is_negative() {
		quantity.times_ceil(share)
	} else {
		quantity.times_floor(share)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_transfer_portfolio(
		from: &T::AccountId,
		to: &T::AccountId,
		share: Ratio,
	) -> DispatchResult {
		ensure!(!share.is_zero() && share <= Ratio::ONE, Error::<T>::ShareOutOfRange);
		ensure!(from != to, Error::<T>::SelfTrade);
		Self::do_settle(from)?;
		Self::do_settle(to)?;
		let (mut giver, mut taker) = (Self::load(from), Self::load(to));
		for (id, position) in giver.clone().positions() {
			// A covered short stays with what covers it.
			if position.cover.is_some() {
				continue;
			}
			let Some(series) = T::Series::series(id) else { continue };
			let quantity = share_of(position.quantity, share)?;
			if !quantity.is_zero() {
				Self::move_position((from, &mut giver), (to, &mut taker), id, &series, quantity)?;
			}
		}
		for (asset, quantity) in giver.clone().collateral() {
			let usable = T::Series::underlying_of(asset).is_some_and(Self::is_usable);
			let quantity = share_of(quantity, share)?;
			if usable && !quantity.is_zero() {
				Self::change_collateral(&mut giver, asset, quantity.checked_neg()?)?;
				Self::change_collateral(&mut taker, asset, quantity)?;
				let (from, to) = (from.clone(), to.clone());
				Self::deposit_event(Event::CollateralTransferred { from, to, asset, quantity });
			}
		}
		Self::store(from, giver);
		Self::store(to, taker);
		Ok(())
	}

	/// Moves contracts of one series, unless its price is not usable now. A settled series needs no
	/// price: what is left of it after a touch is a claim of longs, and moves as such.
	fn move_position(
		giver: (&T::AccountId, &mut Account),
		taker: (&T::AccountId, &mut Account),
		id: SeriesId,
		series: &Series,
		quantity: Quantity,
	) -> DispatchResult {
		let (from, to) = (giver.0.clone(), taker.0.clone());
		let settled = matches!(series.state, SeriesState::Settled { .. });
		if !settled && !Self::is_usable(series.underlying) {
			return Ok(());
		}
		// The totals of an expired series stay until it is settled: nothing can be closed in it.
		let held = taker.1.quantity_of(id);
		let closes = !held.is_zero() && held.is_negative() != quantity.is_negative();
		if closes && series.expiry <= T::Market::now() {
			return Ok(());
		}
		Self::move_contracts(giver, taker, id, series, quantity)?;
		Self::keep_sweeping(series);
		Self::deposit_event(Event::PositionTransferred { from, to, series: id, quantity });
		Ok(())
	}

	/// What expired may have moved behind the cursor of a settlement sweep: let another pass follow.
	fn keep_sweeping(series: &Series) {
		if series.expiry <= T::Market::now() {
			Sweep::<T>::mutate(|pass| {
				if let Some(pass) = pass {
					pass.unfinished = true;
				}
			});
		}
	}
}
