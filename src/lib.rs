//! # HMA Trace Analyzer
//!
//! Reads a HAR or SAZ capture of an Outlook client, rebuilds its Hybrid Modern Authentication flow, says where it
//! broke, proves it and tells how to fix it.
//!
//! The modules stand in the order in which data walks through them.

mod cores;
mod packed;

pub mod http;
pub mod jwt;
pub mod knowledge;

pub mod capture;

pub mod import;

pub mod flow;
pub mod rules;

pub mod verdict;

pub mod analysis;

pub mod search;

pub mod redact;

pub mod export;

pub mod training;

pub mod compare;

pub mod diagram;

pub mod report;

pub mod cli;
#[cfg(feature = "gui")]
pub mod gui;
