//! The macros that make a mock's methods.

/// A closure that a test sets, and the function that calls it.
///
/// `slot!(MockMarket, now, mock_now, () -> Moment)` gives `MockMarket::mock_now(closure)` and a
/// private `call::now()` that runs it, or panics if the test did not set it.
macro_rules! slots {
	($mock:ident: $($method:ident / $setter:ident ($($arg:ident: $ty:ty),*) -> $ret:ty;)*) => {
		#[allow(clippy::unused_unit, reason = "methods without a result pass `()` like any type")]
		mod call {
			#[allow(unused_imports)]
			use super::*;
			$(
				pub fn $method($($arg: $ty),*) -> $ret {
					let closure = cell::$method.with(|slot| slot.borrow().clone());
					match closure {
						Some(closure) => closure($($arg),*),
						None => panic!(
							"{}::{} was called and not set by the test",
							stringify!($mock), stringify!($method),
						),
					}
				}
			)*
		}

		#[allow(non_upper_case_globals, clippy::type_complexity, clippy::unused_unit)]
		mod cell {
			#[allow(unused_imports)]
			use super::*;
			use std::{cell::RefCell, rc::Rc, thread_local};
			thread_local! {
				$(pub static $method: RefCell<Option<Rc<dyn Fn($($ty),*) -> $ret>>> =
					const { RefCell::new(None) };)*
			}
		}

		#[allow(clippy::unused_unit)]
		impl $mock {
			$(
				/// Sets what the method of this name does from now on in this test.
				pub fn $setter(closure: impl Fn($($ty),*) -> $ret + 'static) {
					cell::$method.with(|slot| slot.replace(Some(std::rc::Rc::new(closure))));
				}
			)*
		}
	};
}
