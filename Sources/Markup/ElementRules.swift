package import Translations

/// How elements stand in a text.
package struct ElementRules: Sendable, Equatable {
    package var language: MarkupLanguage
    /// Elements whose contents stay as they are.
    package var ignored: Set<String> = []
    /// Elements that end the text before them, and whose text is by itself.
    package var splitting: Set<String> = []
    /// Elements that are part of the text around them.
    package var inline: Set<String> = []

    package init(
        language: MarkupLanguage, ignored: [String] = [], splitting: [String] = [], inline: [String] = []
    ) {
        self.language = language
        let spelled: (String) -> String = { language == .html ? $0.lowercased() : $0 }
        self.ignored = Set(ignored.map(spelled))
        self.splitting = Set(splitting.map(spelled))
        self.inline = Set(inline.map(spelled))
    }

    /// How an element's name is compared.
    func name(_ bytes: [UInt8], _ token: MarkupToken) -> String {
        let name = bytes.text(token.name)
        return language == .html ? name.lowercased() : name
    }

    /// Elements whose end tag may be left out (html.spec.whatwg.org, 13.1.2.4), and the start tags that end them; none: all of
    /// blocks.
    static let closers: [String: Set<String>] = [
        "p": [], "li": ["li"], "dt": ["dt", "dd"], "dd": ["dt", "dd"], "td": ["td", "th", "tr", "tbody"],
        "th": ["td", "th", "tr", "tbody"], "tr": ["tr", "tbody"], "option": ["option", "optgroup"],
    ]

    /// HTML's elements without an end tag (html.spec.whatwg.org, 13.1.2).
    func isVoid(_ name: String) -> Bool { language == .html && Self.void.contains(name) }

    /// Whether an element of HTML stands by itself; those of XML depend on what is around them.
    func splits(_ name: String) -> Bool {
        if splitting.contains(name) { return true }
        return language == .html && !inline.contains(name) && Self.blocks.contains(name)
    }

    /// Whether an element's contents stay as they are.
    func keeps(_ bytes: [UInt8], _ token: MarkupToken, _ name: String) -> Bool {
        if ignored.contains(name) { return true }
        if language == .html, Self.code.contains(name) || Self.foreign.contains(name) { return true }
        var isKept = false
        Attributes.forEach(bytes, token.name.upperBound..<token.range.upperBound - 1) { attribute, value in
            switch attribute {
            case "translate": isKept = isKept || (language == .html ? value.lowercased() : value) == "no"
            case "class" where language == .html:
                isKept = isKept || value.split(whereSeparator: \.isWhitespace).contains("notranslate")
            default: break
            }
        }
        return isKept
    }

    /// Whether a kept element's contents are no words of the text around it.
    func isForeign(_ name: String) -> Bool { language == .html && Self.foreign.contains(name) }

    /// Elements that have no markup inside, and what their contents are.
    static let contents: [String: MarkupToken.Kind] = [
        "script": .raw, "style": .raw, "xmp": .raw, "iframe": .raw, "noembed": .raw, "noframes": .raw,
        "textarea": .raw, "title": .text,
    ]

    private static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ]

    /// What is shown as blocks, what has no words around it, and line breaks.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "base", "blockquote", "body", "br", "caption", "center", "col", "colgroup", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
        "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li",
        "link",
        "main", "menu", "meta", "nav", "noscript", "ol", "optgroup", "option", "p", "pre", "search", "section",
        "select",
        "source", "style", "summary", "table", "tbody", "td", "template", "tfoot", "th", "thead", "title", "tr",
        "track",
        "ul",
    ]

    /// What people do not write for people of one language.
    private static let code: Set<String> = ["code", "kbd", "pre", "samp", "var"]

    /// What is not text, or not text of the page.
    private static let foreign: Set<String> = [
        "audio", "canvas", "iframe", "math", "noembed", "noframes", "object", "script", "style", "svg", "template",
        "textarea", "video", "xmp",
    ]
}
