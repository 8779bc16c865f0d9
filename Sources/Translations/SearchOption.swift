/// A row of the table of options: what an option is called, where its value is kept, and what there is to say about it.
///
/// Whatever deals with all options is a loop over the rows: validation, defaults, the wire, the store, digests, JSON and
/// the command line.
package struct SearchOption: Sendable {
    package typealias Path<Value> = any WritableKeyPath<SearchOptions, Value?> & Sendable

    /// The type of an option's value, and where it is kept.
    package enum Field: Sendable {
        case integer(Path<Int>)
        case number(Path<Float>)
        case seed(Path<UInt64>)
        case flag(Path<Bool>)
        case rule(Path<EarlyStoppingRule>)
        case split(Path<SplitRule>)
        case markup(Path<MarkupLanguage>)
        case text(Path<String>)
        case texts(Path<[String]>)
        case source(Path<Source>)
    }

    /// Where `--help` lists an option.
    package enum Heading: Sendable {
        case segmentation, search, constraints, sampling
    }

    /// The field's number in the protocol's `Options`, and the option's in the store. Numbers are never used twice.
    package let number: UInt8
    package let name: OptionName
    package let field: Field
    /// nil where a command declares the flag itself.
    package let heading: Heading?
    /// What stands for the value in `--help`; empty for a flag.
    package let unit: String
    package let help: String
    /// What the value must be and what it is, where that is not the same.
    let fault: @Sendable (SearchOptions) -> (need: String, found: String)?
    let copyIfGiven: @Sendable (SearchOptions, inout SearchOptions) -> Void

    init<Value: OptionValue>(
        _ number: UInt8, _ name: OptionName, _ path: Path<Value>, _ form: OptionForm<Value>, _ heading: Heading?,
        unit: String, _ help: String
    ) {
        self.number = number
        self.name = name
        self.heading = heading
        self.unit = unit
        self.help = help
        field = Value.field(path)
        fault = { options in
            guard let value = options[keyPath: path], let found = form.fault(value) else { return nil }
            return (form.words, found)
        }
        copyIfGiven = { source, target in
            if let value = source[keyPath: path] { target[keyPath: path] = value }
        }
    }

    package static func numbered(_ number: UInt8) -> SearchOption? { table.first { $0.number == number } }
}

/// What the value of an option can be.
protocol OptionValue: Sendable {
    static func field(_ path: SearchOption.Path<Self>) -> SearchOption.Field
}

extension Int: OptionValue {
    static func field(_ path: SearchOption.Path<Int>) -> SearchOption.Field { .integer(path) }
}

extension Float: OptionValue {
    static func field(_ path: SearchOption.Path<Float>) -> SearchOption.Field { .number(path) }
}

extension UInt64: OptionValue {
    static func field(_ path: SearchOption.Path<UInt64>) -> SearchOption.Field { .seed(path) }
}

extension Bool: OptionValue {
    static func field(_ path: SearchOption.Path<Bool>) -> SearchOption.Field { .flag(path) }
}

extension EarlyStoppingRule: OptionValue {
    static func field(_ path: SearchOption.Path<EarlyStoppingRule>) -> SearchOption.Field { .rule(path) }
}

extension SplitRule: OptionValue {
    static func field(_ path: SearchOption.Path<SplitRule>) -> SearchOption.Field { .split(path) }
}

extension MarkupLanguage: OptionValue {
    static func field(_ path: SearchOption.Path<MarkupLanguage>) -> SearchOption.Field { .markup(path) }
}

extension String: OptionValue {
    static func field(_ path: SearchOption.Path<String>) -> SearchOption.Field { .text(path) }
}

extension [String]: OptionValue {
    static func field(_ path: SearchOption.Path<[String]>) -> SearchOption.Field { .texts(path) }
}

extension Source: OptionValue {
    static func field(_ path: SearchOption.Path<Source>) -> SearchOption.Field { .source(path) }
}
