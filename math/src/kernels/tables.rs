//! Tables and polynomials of the kernels, written by `tools/gen_kernels.py`.

mod exponential;
mod logarithm;
mod normal;
mod quantile;
mod root;

pub(crate) use exponential::{EXP_FRACTION, EXP_INTEGER, EXP_POLY};
pub(crate) use logarithm::{LN_2, LN_CELL, LN_POLY};
pub(crate) use normal::{INV_SQRT_2PI, MILLS};
pub(crate) use quantile::{QUANTILE, QUANTILE_FIRST};
pub(crate) use root::{RECIPROCAL_SEED, RSQRT_SEED};
