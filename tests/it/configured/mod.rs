//! Policies that are set when the program starts, and again while it runs.

mod attacks;
mod everywhere;
mod in_flight;
mod reload;
mod same_as_attribute;
mod shown;
mod threads;

use actix_web::{App, get, put, web};
use cors_runtime::{AppCors, ConfiguredPolicy, Policy, PolicyConfig, cors, policy};

use crate::support::{Response, Server, serve};

const APP: &str = "https://app.example";
const OTHER: &str = "https://other.example";

/// A configuration with these origins.
fn origins(origins: &[&str]) -> PolicyConfig {
    PolicyConfig {
        origins: owned(origins),
        ..PolicyConfig::default()
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// All that the response to a request of this origin says of CORS, after its status.
fn asked(server: &Server, start: &str, origin: &str) -> Vec<String> {
    said(&server.send(start, &[format!("Origin: {origin}")], ""))
}

fn said(response: &Response) -> Vec<String> {
    let mut said = vec![response.status.to_string()];
    said.extend(response.cors());
    said
}

fn preflight(
    server: &Server,
    path: &str,
    origin: &str,
    method: &str,
    headers: &str,
) -> Vec<String> {
    said(&server.preflight(path, origin, method, headers))
}
