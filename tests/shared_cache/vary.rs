//! Responses that differ by `Vary`.

use actix_web::middleware::Compress;
use actix_web::{App, HttpResponse, Responder, get, web};
use cors_runtime::{AppCors, cors};

use crate::nginx::{Cache, reads_one_line};
use crate::support::serve;

const APP: &str = "https://app.example";
const SHOP: &str = "https://shop.example";

#[cors(origins = ["https://app.example", "https://shop.example"])]
#[get("/news")]
async fn news() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=600"))
        .body("news ".repeat(1_000))
}

/// The status of the cache, and the origin that the response is for.
fn ask(cache: &Cache, path: &str, origin: &str) -> (String, String) {
    let lines = [&*format!("Origin: {origin}"), "Accept-Encoding: gzip"];
    let (res, cached) = cache.get(path, &lines);
    assert_eq!(res.status, 200);
    let allowed = res.header("access-control-allow-origin");
    (cached, allowed.unwrap_or_default().to_owned())
}

/// `Compress` adds a line of `Vary`, which is the last.
pub(crate) fn compressed_responses_stay_apart_if_app_cors_is_outermost() {
    let alone = serve!(App::new().service(news).wrap(Compress::default()));
    let innermost = serve!(
        App::new()
            .service(news)
            .wrap(AppCors::new())
            .wrap(Compress::default())
    );
    let outermost = serve!(
        App::new()
            .service(news)
            .wrap(Compress::default())
            .wrap(AppCors::new())
    );
    let is_mixed = reads_one_line();
    for (what, server, is_mixed) in [
        ("alone", &alone, is_mixed),
        ("`AppCors` inside", &innermost, is_mixed),
        ("`AppCors` outermost", &outermost, false),
    ] {
        let cache = Cache::before(server.addr);
        let expected = if is_mixed {
            [("MISS", APP), ("HIT", APP), ("HIT", APP), ("HIT", APP)]
        } else {
            [("MISS", APP), ("MISS", SHOP), ("HIT", APP), ("HIT", SHOP)]
        };
        for (origin, (status, allowed)) in [APP, SHOP, APP, SHOP].into_iter().zip(expected) {
            let found = ask(&cache, "/news", origin);
            assert_eq!(
                found,
                (status.to_owned(), allowed.to_owned()),
                "{what}, {origin}"
            );
        }
    }
}

#[cors(origins = ["https://app.example", "https://shop.example"])]
#[get("/varies/{lines}")]
async fn varies(lines: web::Path<String>) -> impl Responder {
    let mut res = HttpResponse::Ok();
    res.insert_header(("cache-control", "public, max-age=600"));
    for line in lines.split('|') {
        res.append_header(("vary", line));
    }
    res.body("varies")
}

/// In a list, nginx takes `*` for the name of a field. So the policy writes it alone.
pub(crate) fn a_response_that_varies_by_everything_is_not_stored() {
    let server = serve!(App::new().service(varies));
    let cache = Cache::before(server.addr);
    for lines in ["*", "accept|*", "*|accept", "accept,*", "*,accept", "*|*"] {
        for origin in [APP, SHOP, APP] {
            let found = ask(&cache, &format!("/varies/{lines}"), origin);
            assert_eq!(found, ("MISS".to_owned(), origin.to_owned()), "{lines}");
        }
    }
}
