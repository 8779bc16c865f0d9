/// A kind of file whose text can be translated while the rest of it stays as it is.
package enum DocumentFormat: String, Sendable, CaseIterable {
    /// Plain text: all of it is translated.
    case text
    /// SubRip subtitles.
    case srt
    /// WebVTT subtitles.
    case vtt
    /// Catalogues of GNU gettext.
    case po
    case json
    case yaml
    /// Java's resource bundles.
    case properties
    /// Apple's string tables.
    case strings
    case markdown
    case html
    case xml
    /// XLIFF 1.2 and 2.
    case xliff
    /// Word processing of Office Open XML.
    case docx
    /// Presentations of Office Open XML.
    case pptx
    /// Texts of OpenDocument.
    case odt
    /// Presentations of OpenDocument.
    case odp
    case epub

    /// What people call it.
    package var title: String {
        switch self {
        case .text: "plain text"
        case .srt: "SubRip"
        case .vtt: "WebVTT"
        case .po: "PO (gettext)"
        case .json: "JSON"
        case .yaml: "YAML"
        case .properties: "Java properties"
        case .strings: "Apple strings"
        case .markdown: "Markdown"
        case .html: "HTML"
        case .xml: "XML"
        case .xliff: "XLIFF"
        case .docx: "DOCX"
        case .pptx: "PPTX"
        case .odt: "ODT"
        case .odp: "ODP"
        case .epub: "EPUB"
        }
    }

    /// How names of such files end, without the dot; the first is the usual one.
    package var extensions: [String] {
        switch self {
        case .text: ["txt", "text"]
        case .srt: ["srt"]
        case .vtt: ["vtt"]
        case .po: ["po", "pot"]
        case .json: ["json"]
        case .yaml: ["yaml", "yml"]
        case .properties: ["properties"]
        case .strings: ["strings"]
        case .markdown: ["md", "markdown"]
        case .html: ["html", "htm", "xhtml"]
        case .xml: ["xml"]
        case .xliff: ["xlf", "xliff"]
        case .docx, .pptx, .odt, .odp, .epub: [rawValue]
        }
    }

    /// What HTTP calls it.
    package var mediaType: String {
        switch self {
        case .text, .strings: "text/plain; charset=utf-8"
        case .srt: "application/x-subrip"
        case .vtt: "text/vtt; charset=utf-8"
        case .po: "text/x-gettext-translation; charset=utf-8"
        case .json: "application/json"
        case .yaml: "application/yaml"
        case .properties: "text/x-java-properties"
        case .markdown: "text/markdown; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .xml: "application/xml"
        case .xliff: "application/xliff+xml"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .odp: "application/vnd.oasis.opendocument.presentation"
        case .epub: "application/epub+zip"
        }
    }

    /// Whether values stand under keys, so that people may say which of them are translated.
    package var hasKeys: Bool {
        switch self {
        case .json, .yaml, .properties, .strings: true
        default: false
        }
    }

    /// The format of a file with this name; nil: its name does not say.
    package init?(fileName: String) {
        let name = fileName.lowercased()
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let ending = String(name[name.index(after: dot)...])
        guard let format = Self.allCases.first(where: { $0.extensions.contains(ending) }) else { return nil }
        self = format
    }
}
