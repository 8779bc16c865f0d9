/// What a client says, whichever way it says it: in JSON, in a form, in the query, or in several parts.
struct Fields: Sendable {
    struct File: Sendable {
        var name: String
        var content: [UInt8]
    }

    private(set) var values: [String: JSONValue] = [:]
    private(set) var files: [String: File] = [:]
    /// Whether they came as JSON.
    let isJSON: Bool

    /// The query alone.
    init(query: String) throws(GatewayError) {
        isJSON = false
        add(try Self.pairs(query.utf8))
    }

    init(_ request: WebRequest) throws(GatewayError) {
        isJSON = request.isJSON
        if isJSON {
            let value: JSONValue
            do throws(JSONSyntaxError) {
                value = try JSONValue(request.body)
            } catch {
                throw GatewayError(.invalid, "Invalid JSON format: \(error)")
            }
            guard case .object(let members) = value else {
                throw GatewayError(.invalid, "Invalid JSON format: expected an object, found \(value.kind)")
            }
            values = members
            return
        }
        var pairs = try Self.pairs(request.query.utf8)
        switch request.mediaType {
        case "application/x-www-form-urlencoded": pairs += try Self.pairs(request.body)
        case "multipart/form-data":
            for part in try MultipartBody(request.body, contentType: request.headers["content-type"] ?? "").parts {
                if let fileName = part.fileName {
                    files[part.name] = File(name: fileName, content: part.content)
                } else if let text = String(validating: part.content, as: UTF8.self) {
                    pairs.append((part.name, text))
                } else {
                    throw GatewayError(.invalid, "the field \(part.name) is not UTF-8")
                }
            }
        default: break
        }
        add(pairs)
    }

    /// A name that is there twice makes a list, as `text=a&text=b` does.
    private mutating func add(_ pairs: [(String, String)]) {
        var lists: [String: [JSONValue]] = [:]
        for (name, text) in pairs { lists[name, default: []].append(.string(text)) }
        values = lists.mapValues { $0.count == 1 ? $0[0] : .array($0) }
    }

    /// A field that must be one text; of a list, the first. nil: it is missing, empty or null.
    func text(_ name: String) throws(GatewayError) -> String? {
        switch values[name] {
        case nil, .null?, .string("")?: return nil
        case .string(let text)?: return text
        case .number(let number)?: return Self.text(number)
        case .bool(let flag)?: return flag ? "true" : "false"
        case .array(let elements)? where !isJSON:
            guard case .string(let text)? = elements.first else { return nil }
            return text
        case let value?:
            throw GatewayError(.invalid, "Invalid request: \(name) must be a string, not \(value.kind)")
        }
    }

    /// A field of one or several texts; nil: it is missing. `isList`: whether it was said as a list.
    func texts(_ name: String) throws(GatewayError) -> (texts: [String], isList: Bool)? {
        switch values[name] {
        case nil, .null?: return nil
        case .string(let text)?: return ([text], false)
        case .array(let elements)?:
            var texts: [String] = []
            for element in elements {
                guard case .string(let text) = element else {
                    throw GatewayError(.invalid, "Invalid request: \(name) must hold strings only, not \(element.kind)")
                }
                texts.append(text)
            }
            return (texts, true)
        case .number(let number)?: return ([Self.text(number)], false)
        case let value?:
            throw GatewayError(.invalid, "Invalid request: \(name) must be a string or a list, not \(value.kind)")
        }
    }

    /// Whether there is something, of whichever kind.
    func isGiven(_ name: String) -> Bool {
        switch values[name] {
        case nil, .null?, .string("")?, .array([])?: false
        default: true
        }
    }

    /// Forms write 1 and 0 too; false: it is missing.
    func flag(_ name: String) throws(GatewayError) -> Bool {
        switch try text(name) {
        case nil, "false"?, "0"?, "False"?: return false
        case "true"?, "1"?, "True"?: return true
        case let text?: throw GatewayError(.invalid, "\(name) must be true or false, not \(text)")
        }
    }

    /// A whole number, written as such or as a text; nil: it is missing.
    func number(_ name: String) throws(GatewayError) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text) else {
            throw GatewayError(.invalid, "Invalid request: \(name) parameter is not a number")
        }
        return number
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }

    private static let pairsMaximum = 10_000

    private static func pairs(_ encoded: some Sequence<UInt8>) throws(GatewayError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for pair in Array(encoded).split(separator: UInt8(ascii: "&")) {
            guard pairs.count < pairsMaximum else {
                throw GatewayError(.invalid, "a form must not have more than \(pairsMaximum) fields")
            }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(parts[0], plusIsBlank: true),
                let value = PercentEncoding.decoded(parts.count > 1 ? parts[1] : [], plusIsBlank: true)
            else { throw GatewayError(.invalid, "a form must be UTF-8") }
            pairs.append((name, value))
        }
        return pairs
    }
}
