import ArgumentParser
package import JobModel

/// The flags of all options under one heading, made of the table's rows.
///
/// ArgumentParser looks for flags in the mirror of the type and decodes them by the names that they have there. A
/// struct's mirror has its stored properties; this one has the rows.
package struct OptionFlags<Heading: OptionHeading>: ParsableArguments, CustomReflectable {
    /// What was given on the command line.
    private(set) var options = SearchOptions()

    private static var rows: [SearchOption] { SearchOption.table.filter { $0.heading == Heading.heading } }

    package init() {}

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: JSONKey.self)
        for row in Self.rows { try row.readFlag(values, into: &options) }
    }

    package var customMirror: Mirror {
        Mirror(self, children: Self.rows.map { (label: $0.name.key, value: $0.flag) })
    }
}

package protocol OptionHeading {
    static var heading: SearchOption.Heading { get }
}

package enum SegmentationHeading: OptionHeading {
    package static let heading = SearchOption.Heading.segmentation
}

package enum SearchHeading: OptionHeading {
    package static let heading = SearchOption.Heading.search
}

package enum ConstraintHeading: OptionHeading {
    package static let heading = SearchOption.Heading.constraints
}

package enum SamplingHeading: OptionHeading {
    package static let heading = SearchOption.Heading.sampling
}

extension SearchOption {
    /// What declares the flag to ArgumentParser.
    fileprivate var flag: any Decodable {
        switch field {
        case .integer: option(of: Int.self)
        case .number: option(of: Float.self)
        case .seed: option(of: UInt64.self)
        case .rule: option(of: EarlyStoppingRule.self)
        case .split: option(of: SplitRule.self)
        case .markup: option(of: MarkupLanguage.self)
        case .text, .source: option(of: String.self)
        case .texts:
            Option(wrappedValue: [String](), name: flagName, parsing: .unconditionalSingleValue, help: flagHelp)
        case .flag: Flag<Bool?>(name: flagName, inversion: .prefixedNo, help: flagHelp)
        }
    }

    fileprivate func readFlag(_ values: KeyedDecodingContainer<JSONKey>, into options: inout SearchOptions) throws {
        func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value? {
            try values.decode(Option<Value?>.self, forKey: JSONKey(name.key)).wrappedValue
        }
        switch field {
        case .integer(let path): options[keyPath: path] = try value()
        case .number(let path): options[keyPath: path] = try value()
        case .seed(let path): options[keyPath: path] = try value()
        case .rule(let path): options[keyPath: path] = try value()
        case .split(let path): options[keyPath: path] = try value()
        case .markup(let path): options[keyPath: path] = try value()
        case .text(let path): options[keyPath: path] = try value()
        case .source(let path): options[keyPath: path] = try value(String.self).map(Source.text)
        case .texts(let path):
            let texts = try values.decode(Option<[String]>.self, forKey: JSONKey(name.key)).wrappedValue
            options[keyPath: path] = texts.isEmpty ? nil : texts
        case .flag(let path):
            options[keyPath: path] = try values.decode(Flag<Bool?>.self, forKey: JSONKey(name.key)).wrappedValue
        }
    }

    /// Whatever comes after the flag is its value: numbers may be negative, and tokens may begin with a dash.
    private func option<Value: ExpressibleByArgument>(of type: Value.Type) -> Option<Value?> {
        Option<Value?>(name: flagName, parsing: .unconditional, help: flagHelp)
    }

    private var flagName: NameSpecification { .customLong(String(name.flag.dropFirst(2))) }

    private var flagHelp: ArgumentHelp { ArgumentHelp(help, valueName: unit.isEmpty ? nil : unit) }
}
