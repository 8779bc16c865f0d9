internal import Checksums

/// A file of the page, as it is in the program (`Page/Files`).
struct PageFile: Sendable {
    let name: String
    let content: [UInt8]
    /// Of the content, as RFC 9110, 8.8.3 has it.
    let tag: String

    init(_ name: String, _ content: [UInt8]) {
        self.name = name
        self.content = content
        var hash = XXHash64()
        content.withUnsafeBytes { hash.add($0) }
        tag = "\"\(hash.text)\""
    }

    var type: String {
        switch name.split(separator: ".").last {
        case "html"?: "text/html; charset=utf-8"
        case "css"?: "text/css; charset=utf-8"
        case "js"?: "text/javascript; charset=utf-8"
        case "svg"?: "image/svg+xml"
        default: preconditionFailure("\(name) has no media type")
        }
    }

    /// Whether a client has this content already, by what it says in `If-None-Match`.
    func isKnown(to condition: String) -> Bool {
        condition.split(separator: ",").map(\.trimmingBlanks).contains { known in
            known == "*" || (known.hasPrefix("W/") ? String(known.dropFirst(2)) : known) == tag
        }
    }

    static let all: [String: PageFile] = {
        let files = [
            PageFile("translate.html", PackageResources.translate_html),
            PageFile("operate.html", PackageResources.operate_html),
            PageFile("base.css", PackageResources.base_css),
            PageFile("translate.css", PackageResources.translate_css),
            PageFile("operate.css", PackageResources.operate_css),
            PageFile("icon.svg", PackageResources.icon_svg),
            PageFile("api.js", PackageResources.api_js),
            PageFile("dead.js", PackageResources.dead_js),
            PageFile("dialog.js", PackageResources.dialog_js),
            PageFile("dom.js", PackageResources.dom_js),
            PageFile("events.js", PackageResources.events_js),
            PageFile("file.js", PackageResources.file_js),
            PageFile("format.js", PackageResources.format_js),
            PageFile("history.js", PackageResources.history_js),
            PageFile("menu.js", PackageResources.menu_js),
            PageFile("operate.js", PackageResources.operate_js),
            PageFile("plot.js", PackageResources.plot_js),
            PageFile("table.js", PackageResources.table_js),
            PageFile("tables.js", PackageResources.tables_js),
            PageFile("tiles.js", PackageResources.tiles_js),
            PageFile("translate.js", PackageResources.translate_js),
        ]
        return Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0) })
    }()
}
