import Addresses
import Configuration

/// What a value may be, and how it is written.
struct SettingForm<Value>: Sendable {
    /// As it goes on after "it must be".
    let words: String
    let unit: SettingUnit
    let type: ConfigType
    let decode: @Sendable (ConfigContent) -> Value?
    /// As YAML writes it.
    let encode: @Sendable (Value) -> String
    /// For people.
    let reading: @Sendable (Value) -> String

    init(
        _ words: String, unit: SettingUnit = .none, type: ConfigType,
        decode: @escaping @Sendable (ConfigContent) -> Value?, encode: @escaping @Sendable (Value) -> String,
        reading: (@Sendable (Value) -> String)? = nil
    ) {
        self.words = words
        self.unit = unit
        self.type = type
        self.decode = decode
        self.encode = encode
        self.reading = reading ?? encode
    }
}

extension SettingForm where Value == Int {
    /// - Parameter zero: What 0 means, where it means something else than none.
    static func count(of unit: SettingUnit, _ bounds: ClosedRange<Int>, zero: String? = nil) -> Self {
        let words = "a whole number of \(unit.rawValue) from \(bounds.lowerBound) to \(bounds.upperBound)"
        return SettingForm(
            words + (zero.map { ", or 0: \($0)" } ?? ""), unit: unit, type: .int,
            decode: { content in
                guard case .int(let value) = content else { return nil }
                return bounds.contains(value) || (zero != nil && value == 0) ? value : nil
            },
            encode: { String($0) },
            reading: { value in
                if value == 0, let zero { return zero }
                return unit.reading(value)
            }
        )
    }
}

extension SettingForm where Value == Int {
    /// A time that is kept in milliseconds and written in a longer unit.
    static func time(in unit: SettingUnit, _ bounds: ClosedRange<Int>) -> Self {
        let written = count(of: unit, bounds)
        let factor = unit.milliseconds
        return SettingForm(
            written.words, unit: unit, type: written.type,
            decode: { written.decode($0).map { $0 * factor } },
            encode: { written.encode($0 / factor) },
            reading: { written.reading($0 / factor) }
        )
    }
}

extension SettingForm where Value == Bool {
    static var flag: Self {
        SettingForm(
            "true or false", type: .bool,
            decode: { content in
                guard case .bool(let value) = content else { return nil }
                return value
            },
            encode: { String($0) }
        )
    }
}

extension SettingForm where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    static var choice: Self {
        SettingForm(
            "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "), type: .string,
            decode: { content in
                guard case .string(let name) = content else { return nil }
                return Value(rawValue: name)
            },
            encode: { $0.rawValue }
        )
    }
}

extension SettingForm where Value == String {
    static func text(_ syntax: TextSyntax) -> Self {
        SettingForm(
            syntax.words, type: .string,
            decode: { content in
                guard case .string(let text) = content, syntax.accepts(text) else { return nil }
                return text
            },
            encode: quoted
        )
    }
}

extension SettingForm where Value == String? {
    /// - Parameter empty: What the empty text, which is nil, means.
    static func text(_ syntax: TextSyntax, empty: String) -> Self {
        SettingForm(
            "\(syntax.words), or empty: \(empty)", type: .string,
            decode: { content in
                guard case .string(let text) = content, text.isEmpty || syntax.accepts(text) else { return nil }
                return .some(text.isEmpty ? nil : text)
            },
            encode: { quoted($0 ?? "") },
            reading: { $0.map(quoted) ?? empty }
        )
    }
}

extension SettingForm where Value == String? {
    /// A database's URL. The password that it may have is not shown.
    static var storeURL: Self {
        let written = text(.storeURL, empty: "SQLite, in the directory")
        return SettingForm(
            written.words, type: written.type, decode: written.decode,
            encode: { written.encode($0.map(withoutPassword)) }, reading: { written.reading($0.map(withoutPassword)) })
    }

    /// Without what follows the first colon of the user information (RFC 3986, 3.2.1), which ends where libpq lets it end, and
    /// without the values of parameters for passwords.
    private static func withoutPassword(_ url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        let end = url[start...].firstIndex(of: "/") ?? url.endIndex
        var (user, rest) = (String(url[..<start]), url[start...])
        if let at = url[start..<end].lastIndex(of: "@") {
            user = String(url[..<at])
            if let colon = url[start..<at].firstIndex(of: ":") { user = url[...colon] + "***" }
            rest = url[at...]
        }
        guard let question = rest.firstIndex(of: "?") else { return user + rest }
        let parameters = rest[rest.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = parameters.map { parameter in
            guard let equals = parameter.firstIndex(of: "="), parameter[..<equals].hasSuffix("password") else {
                return parameter
            }
            return parameter[...equals] + "***"
        }
        return user + rest[...question] + shown.joined(separator: "&")
    }
}

extension SettingForm where Value == [String] {
    /// - Parameter empty: What the empty list means.
    static func list(of syntax: TextSyntax, upTo most: Int, empty: String) -> Self {
        SettingForm(
            "\(syntax.words), or a list of at most \(most) such, or []: \(empty)", type: .stringArray,
            decode: { content in
                guard case .stringArray(var items) = content else { return nil }
                // The environment's way to write no item.
                if items == [""] { items = [] }
                return items.count <= most && items.allSatisfy(syntax.accepts) ? items : nil
            },
            encode: { "[" + $0.map(quoted).joined(separator: ", ") + "]" },
            reading: { $0.isEmpty ? empty : $0.map(quoted).joined(separator: ", ") }
        )
    }
}

extension SettingForm where Value == [String] {
    /// One broker's addresses.
    ///
    /// - Parameter empty: What no address means.
    static func addresses(empty: String) -> Self {
        SettingForm(
            """
            \(TextSyntax.connectEndpoint.words), or a list of at most \(BrokerAddresses.countMaximum) different ones of \
            one kind, or empty: \(empty)
            """, type: .string,
            decode: { content in
                switch content {
                case .string(let text): text.isEmpty ? [] : TextSyntax.addresses(text)
                case .stringArray(let items): items.isEmpty ? [] : TextSyntax.addresses(items.joined(separator: ","))
                default: nil
                }
            },
            encode: { $0.count > 1 ? "[" + $0.map(quoted).joined(separator: ", ") + "]" : quoted($0.first ?? "") },
            reading: { $0.isEmpty ? empty : $0.map(quoted).joined(separator: ", ") }
        )
    }
}

/// YAML 1.2, 7.3.1: in double quotes, `\` and `"` are escaped; control characters are too.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case _ where scalar.properties.generalCategory == .control:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
