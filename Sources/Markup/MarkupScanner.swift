package import Translations

/// Cuts markup into tokens, and loses nothing of it.
///
/// HTML is read as browsers do (html.spec.whatwg.org, 13.2.5): whatever it is, it has tokens. XML is refused where it is not
/// well-formed. No entity that a document declares is read, so that none can grow.
package struct MarkupScanner {
    private let bytes: [UInt8]
    private let language: MarkupLanguage
    private var place = 0
    private var tokens: [MarkupToken] = []

    package static func tokens(of bytes: [UInt8], _ language: MarkupLanguage) throws(MarkupError) -> [MarkupToken] {
        var scanner = MarkupScanner(bytes, language)
        try scanner.scan()
        return scanner.tokens
    }

    package init(_ bytes: [UInt8], _ language: MarkupLanguage) {
        self.bytes = bytes
        self.language = language
    }

    /// The next token of XML, for files that are too large to have all of theirs at once; nil at the end.
    package mutating func next() throws(MarkupError) -> MarkupToken? {
        // Words of HTML may go on after a "<".
        precondition(language == .xml, "HTML is cut as a whole")
        guard place < bytes.count else { return nil }
        tokens.removeAll(keepingCapacity: true)
        try step()
        return tokens.last
    }

    private mutating func scan() throws(MarkupError) {
        while place < bytes.count { try step() }
    }

    /// Goes over the next token, or over more of the words before it.
    private mutating func step() throws(MarkupError) {
        if place == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            // The byte order mark is no word.
            tokens.append(MarkupToken(.declaration, 0..<3))
            place = 3
        } else if bytes[place] == UInt8(ascii: "<"), let token = try tag() {
            tokens.append(token)
            place = token.range.upperBound
            if language == .html, token.kind == .start { keepContents(of: token) }
        } else {
            text()
        }
    }

    /// Words up to the next tag; a `<` that begins none is one of them.
    private mutating func text() {
        let end = bytes[(place + 1)...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        if let last = tokens.last, last.kind == .text {
            tokens[tokens.count - 1] = MarkupToken(.text, last.range.lowerBound..<end)
        } else {
            tokens.append(MarkupToken(.text, place..<end))
        }
        place = end
    }

    /// What begins with the `<` at the place; nil where it is only a character.
    private func tag() throws(MarkupError) -> MarkupToken? {
        let next = place + 1 < bytes.count ? bytes[place + 1] : 0
        switch next {
        case UInt8(ascii: "!"):
            if bytes.has("<!--", at: place) { return try comment() }
            if language == .xml, bytes.has("<![CDATA[", at: place) {
                return MarkupToken(.characterData, place..<(try end("]]>", from: place + 9, of: "<![CDATA[")))
            }
            return MarkupToken(.declaration, place..<(try declarationEnd()))
        case UInt8(ascii: "?"):
            let isCode =
                language == .xml || bytes.has("<?php", at: place, ignoringCase: true) || bytes.has("<?=", at: place)
            return MarkupToken(
                .instruction, place..<(try end(isCode ? "?>" : ">", from: place + 2, of: "<?")))
        case UInt8(ascii: "%") where language == .html:
            // What a template is filled in with.
            guard let end = bytes.find("%>", from: place + 2) else { return nil }
            return MarkupToken(.instruction, place..<end + 2)
        case UInt8(ascii: "/"):
            return try endTag()
        default:
            guard language == .html ? next.isLetter : next.beginsName else {
                if language == .html { return nil }
                throw fault("a \"<\" begins no tag; write \"&lt;\" for the character")
            }
            return try startTag()
        }
    }

    private func comment() throws(MarkupError) -> MarkupToken {
        if language == .html {
            // Empty ones that end early.
            for (word, length) in [("<!-->" as StaticString, 5), ("<!--->", 6)] where bytes.has(word, at: place) {
                return MarkupToken(.comment, place..<place + length)
            }
        }
        let end = try end("-->", from: place + 4, of: "<!--")
        // Browsers end one there, too.
        if language == .html, let early = bytes.find("--!>", from: place + 4), early + 4 < end {
            return MarkupToken(.comment, place..<early + 4)
        }
        return MarkupToken(.comment, place..<end)
    }

    /// A document type may have a subset in brackets, and quotes.
    private func declarationEnd() throws(MarkupError) -> Int {
        if language == .html { return try end(">", from: place + 2, of: "<!") }
        var at = place + 2, depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let quote = bytes[(at + 1)...].firstIndex(of: bytes[at]) else {
                    throw fault("a quote has no end")
                }
                at = quote
            case UInt8(ascii: "<") where bytes.has("<!--", at: at):
                at = try end("-->", from: at + 4, of: "<!--") - 1
            case UInt8(ascii: "<") where bytes.has("<?", at: at):
                at = try end("?>", from: at + 2, of: "<?") - 1
            case UInt8(ascii: "<"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">"):
                if depth == 0 { return at + 1 }
                // That of a declaration in the subset.
                depth -= 1
            default: break
            }
            at += 1
        }
        throw fault("a declaration has no end")
    }

    private func endTag() throws(MarkupError) -> MarkupToken? {
        let begin = place + 2
        guard begin < bytes.count else {
            if language == .html { return nil }
            throw fault("a tag has no end")
        }
        guard language == .html ? bytes[begin].isLetter : bytes[begin].beginsName else {
            guard language == .html else { throw fault("an end tag has no name") }
            // HTML's "bogus comment"
            return MarkupToken(.comment, place..<(try end(">", from: begin, of: "</")))
        }
        let name = nameRange(from: begin)
        guard let end = tagEnd(from: name.upperBound) else { return try unended() }
        if language == .xml, !bytes[name.upperBound..<end - 1].allSatisfy(\.isSpace) {
            throw fault("an end tag has attributes")
        }
        return MarkupToken(.end, place..<end, name: name)
    }

    private func startTag() throws(MarkupError) -> MarkupToken {
        let name = nameRange(from: place + 1)
        guard let end = tagEnd(from: name.upperBound) else { return try unended() }
        if language == .xml { try Attributes.check(bytes, name.upperBound..<end - 1) }
        let isEmpty = bytes[end - 2] == UInt8(ascii: "/") && end - 2 >= name.upperBound
        return MarkupToken(isEmpty ? .empty : .start, place..<end, name: name)
    }

    /// A tag that the text's end cuts off: browsers drop it, and here it stays what it is.
    private func unended() throws(MarkupError) -> MarkupToken {
        if language == .xml { throw fault("a tag has no end") }
        return MarkupToken(.comment, place..<bytes.count)
    }

    private func nameRange(from begin: Int) -> Range<Int> {
        begin..<(bytes[begin...].firstIndex { $0.isSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }
            ?? bytes.count)
    }

    /// After the `>` that ends a tag; those in an attribute's quotes do not.
    private func tagEnd(from begin: Int) -> Int? {
        var at = begin
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: ">"): return at + 1
            case UInt8(ascii: "="):
                // Only what follows the sign can be a quoted value.
                at += 1
                while at < bytes.count, bytes[at].isSpace { at += 1 }
                if at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") {
                    guard let quote = bytes[(at + 1)...].firstIndex(of: bytes[at]) else { return nil }
                    at = quote + 1
                }
            default: at += 1
            }
        }
        return nil
    }

    private func end(_ word: StaticString, from begin: Int, of opening: String) throws(MarkupError) -> Int {
        if let end = bytes.find(word, from: begin) { return end + word.utf8CodeUnitCount }
        if language == .html { return bytes.count }
        throw fault("\"\(opening)\" has no end; expected \"\(word)\"")
    }

    /// Makes one token of the contents of an element that has no markup inside (html.spec.whatwg.org, 13.2.5.2 to 13.2.5.4).
    private mutating func keepContents(of start: MarkupToken) {
        let name = bytes.text(start.name).lowercased()
        guard let kind = ElementRules.contents[name] else { return }
        var at = place
        while let next = bytes.find("</", from: at) {
            let end = nameRange(from: next + 2)
            if bytes.text(end).lowercased() == name { return keep(kind, upTo: next) }
            at = next + 2
        }
        keep(kind, upTo: bytes.count)
    }

    private mutating func keep(_ kind: MarkupToken.Kind, upTo end: Int) {
        if place < end { tokens.append(MarkupToken(kind, place..<end)) }
        place = end
    }

    private func fault(_ problem: String) -> MarkupError { MarkupError(problem, at: place, in: bytes) }
}
