import JobModel

extension SearchOptions {
    init(_ values: KeyedDecodingContainer<JSONKey>) throws {
        self.init()
        for option in SearchOption.table { try option.read(values, into: &self) }
    }
}

extension SearchOption {
    fileprivate func read(_ values: KeyedDecodingContainer<JSONKey>, into options: inout SearchOptions) throws {
        func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value? {
            let key = JSONKey(name.key)
            do {
                return try values.decodeIfPresent(Value.self, forKey: key)
            } catch  where Value.self is any Numeric.Type && !(error is DecodingError) {
                // Foundation's own error for a number that does not fit its type, which does not say whose it is.
                throw RequestError.wrongType(Value.self, at: [key])
            }
        }
        switch field {
        case .integer(let path): options[keyPath: path] = try value()
        case .number(let path): options[keyPath: path] = try value()
        case .seed(let path): options[keyPath: path] = try value()
        case .flag(let path): options[keyPath: path] = try value()
        case .text(let path): options[keyPath: path] = try value()
        case .texts(let path): options[keyPath: path] = try value()
        case .source(let path): options[keyPath: path] = try value(TextOrTokens.self)?.source
        case .rule(let path):
            guard let word = try value(String.self) else { return }
            options[keyPath: path] = try rule(word)
        case .split(let path):
            guard let word = try value(String.self) else { return }
            options[keyPath: path] = try rule(word)
        case .markup(let path):
            guard let word = try value(String.self) else { return }
            options[keyPath: path] = try rule(word)
        }
    }

    private func rule<Rule: RawRepresentable<String> & CaseIterable>(_ word: String) throws -> Rule {
        if let rule = Rule(rawValue: word) { return rule }
        let words = Rule.allCases.map { "\"\($0.rawValue)\"" }
        let list = "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        throw RequestError(.invalidRequest, "\"\(name.key)\" must be \(list), not \"\(word)\"")
    }
}
