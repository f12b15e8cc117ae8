//! A first-in-first-out queue in storage from which any member can be taken out: a doubly linked list
//! of tickets. Every operation is a handful of reads and writes, whatever its length, and a cancelled
//! ticket leaves no hole that somebody would have to walk over.

use crate::types::Ticket;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::{
	pallet_prelude::*,
	storage::{StorageMap as Map, StorageValue as Value},
};
use parity_scale_codec::FullCodec;

/// The two ends of a queue, its length, and the next ticket.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Ends {
	/// First to be served.
	pub first: Option<Ticket>,
	/// Last to be served.
	pub last: Option<Ticket>,
	/// Tickets in the queue.
	pub length: u32,
	/// Ticket of the next to join; tickets are never used twice.
	pub next: Ticket,
}

/// A ticket's owner and neighbours.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Link<AccountId> {
	/// Whose it is.
	pub who: AccountId,
	/// The ticket before it.
	pub before: Option<Ticket>,
	/// The ticket after it.
	pub after: Option<Ticket>,
}

/// The queue of which `E` stores the ends and `L` the links.
pub struct Queue<E, L, A>(PhantomData<(E, L, A)>);

impl<E, L, A> Queue<E, L, A>
where
	E: Value<Ends, Query = Ends>,
	L: Map<Ticket, Link<A>, Query = Option<Link<A>>>,
	A: FullCodec,
{
	/// Length.
	pub fn length() -> u32 {
		E::get().length
	}

	/// The first ticket with its owner.
	pub fn first() -> Option<(Ticket, A)> {
		Self::at(E::get().first)
	}

	/// The ticket after this one with its owner.
	pub fn after(ticket: Ticket) -> Option<(Ticket, A)> {
		Self::at(L::get(ticket)?.after)
	}

	/// Joins at the end. `None` if the queue has `limit` tickets.
	pub fn join(who: A, limit: u32) -> Option<Ticket> {
		let mut ends = E::get();
		if ends.length >= limit {
			return None;
		}
		let ticket = ends.next;
		ends.next = ticket.checked_add(1)?;
		ends.length = ends.length.checked_add(1)?;
		Self::append(&mut ends, ticket, who);
		E::put(ends);
		Some(ticket)
	}

	/// Leaves the queue. `None` if the ticket is not in it.
	pub fn leave(ticket: Ticket) -> Option<A> {
		let mut ends = E::get();
		let who = Self::unlink(&mut ends, ticket)?;
		ends.length = ends.length.saturating_sub(1);
		E::put(ends);
		Some(who)
	}

	/// Goes to the end of the queue, with the same ticket.
	pub fn step_back(ticket: Ticket) {
		let mut ends = E::get();
		if let Some(who) = Self::unlink(&mut ends, ticket) {
			Self::append(&mut ends, ticket, who);
			E::put(ends);
		}
	}

	/// Every ticket in order, if links and ends agree.
	pub fn walk() -> Result<Vec<(Ticket, A)>, &'static str> {
		let ends = E::get();
		let (mut all, mut before, mut at) = (Vec::new(), None, ends.first);
		while let Some(ticket) = at {
			if all.len() as u64 >= u64::from(ends.length) {
				return Err("queue is longer than its length");
			}
			let link = L::get(ticket).ok_or("ticket of a queue has no link")?;
			if link.before != before {
				return Err("link does not point to the ticket before it");
			}
			if ticket >= ends.next {
				return Err("ticket was never given");
			}
			(before, at) = (Some(ticket), link.after);
			all.push((ticket, link.who));
		}
		if before != ends.last || all.len() as u64 != u64::from(ends.length) {
			return Err("queue does not end at its last ticket");
		}
		Ok(all)
	}

	fn at(ticket: Option<Ticket>) -> Option<(Ticket, A)> {
		let ticket = ticket?;
		Some((ticket, L::get(ticket)?.who))
	}

	fn append(ends: &mut Ends, ticket: Ticket, who: A) {
		match ends.last {
			Some(last) => Self::relink(last, |link| link.after = Some(ticket)),
			None => ends.first = Some(ticket),
		}
		L::insert(ticket, Link { who, before: ends.last, after: None });
		ends.last = Some(ticket);
	}

	fn unlink(ends: &mut Ends, ticket: Ticket) -> Option<A> {
		let link = L::take(ticket)?;
		match link.before {
			Some(before) => Self::relink(before, |other| other.after = link.after),
			None => ends.first = link.after,
		}
		match link.after {
			Some(after) => Self::relink(after, |other| other.before = link.before),
			None => ends.last = link.before,
		}
		Some(link.who)
	}

	fn relink(ticket: Ticket, change: impl FnOnce(&mut Link<A>)) {
		if let Some(mut link) = L::get(ticket) {
			change(&mut link);
			L::insert(ticket, link);
		}
	}
}
