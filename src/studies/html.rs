//! What the self-contained pages share.

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#222;max-width:62rem;margin:2rem auto;padding:0 1rem}\
    h1,h2,h3{line-height:1.2}h2{margin-top:3rem;border-bottom:1px solid #ccc}\
    .pass{color:#067a46}.miss{color:#b3261e}.badge{font-weight:600}\
    table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;\
    border-bottom:1px solid #e4e4e4}th{white-space:nowrap;font-weight:600}\
    article{margin:2rem 0;padding:1rem;border:1px solid #ddd;border-radius:.5rem}svg,img{max-width:100%;height:auto}\
    pre{background:#f6f6f6;padding:1rem;overflow-x:auto;font-size:13px}summary{cursor:pointer}\
    .big{font-size:3rem;font-weight:700;margin:1rem 0 0}.quiet{color:#888}th.long{white-space:normal}\
    figure{margin:1rem 0}figcaption{font-size:.85rem;color:#555}.wide{overflow-x:auto}\
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(24rem,1fr));gap:1rem}\
    .bar{width:25%}.bar div{height:1rem;margin-top:.3rem;background:#0072b2}.quiet .bar div{background:#bbb}\
    .matrix{width:auto}.matrix td{text-align:right;min-width:2.6rem;border:1px solid #fff}\
    .matrix th span{writing-mode:vertical-rl;transform:rotate(180deg)}.matrix th{vertical-align:bottom}\
    .matrix td.figure{padding-left:1rem;white-space:nowrap}";

/// A whole page around `body`.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body><h1>{0}</h1>{body}\
         </body></html>\n",
        escaped(title)
    )
}

/// A table of texts with a head.
pub fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from("<table><tr>");
    for cell in head {
        let _ = write!(text, "<th>{}</th>", escaped(cell));
    }
    text.push_str("</tr>");
    for row in rows {
        text.push_str("<tr>");
        for cell in row {
            let _ = write!(text, "<td>{}</td>", escaped(&cell));
        }
        text.push_str("</tr>");
    }
    text + "</table>"
}

/// An SVG file as part of a page.
pub fn figure(svg: &str) -> &str {
    &svg[svg.find("<svg").unwrap_or(0)..]
}

/// A PNG file as part of a page; `alternative` is for readers who do not see it.
pub fn embedded_png(png: &[u8], alternative: &str) -> String {
    let data = BASE64_STANDARD.encode(png);
    format!("<img alt=\"{}\" src=\"data:image/png;base64,{data}\">", escaped(alternative))
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
