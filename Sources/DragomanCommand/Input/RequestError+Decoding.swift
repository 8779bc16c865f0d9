import Foundation

extension RequestError {
    /// Says in a user's words what `JSONDecoder` did not like.
    init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            self = Self.wrongType(type, at: context.codingPath)
        case .keyNotFound(let key, _):
            self.init(.invalidRequest, "\"\(key.stringValue)\" is missing")
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init(.invalidJSON, "not valid JSON: \(Self.fault(context))")
        case .dataCorrupted(let context):
            self.init(.invalidRequest, "\(Self.name(context.codingPath)): \(Self.fault(context))")
        @unknown default:
            self.init(.invalidJSON, String(describing: error))
        }
    }

    /// A line's value, or what is wrong with the line, and where.
    static func decoding<Value: Decodable>(_ line: String) throws(RequestError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(line.utf8))
        } catch let error as DecodingError {
            if line.allSatisfy(\.isWhitespace) {
                throw RequestError(
                    .invalidJSON, #"the line is blank; every line is a JSON object such as {"text": "Hello."}"#)
            }
            let error = RequestError(error)
            guard error.code == Code.invalidJSON.rawValue, let fault = JSONFault.find(in: line) else { throw error }
            throw RequestError(.invalidJSON, "not valid JSON at byte offset \(fault.offset): \(fault.reason)")
        } catch {
            throw RequestError(error)
        }
    }

    static func wrongType(_ type: Any.Type, at path: [any CodingKey]) -> RequestError {
        guard !path.isEmpty else { return RequestError(.invalidRequest, "a request must be a JSON object") }
        let expected =
            switch type {
            case is Int.Type: "a whole number"
            case is UInt64.Type: "a whole number of 0 or more"
            case is Float.Type: "a number"
            case is Bool.Type: "true or false"
            case is String.Type: "a string"
            case is [String: String].Type, is [String: Any].Type: "an object of strings"
            default: "an array of strings"
            }
        return RequestError(.invalidRequest, "\(name(path)) must be \(expected)")
    }

    /// Foundation's parser puts its reason into an `NSError`; its line numbers are of no use within one line.
    private static func fault(_ context: DecodingError.Context) -> String {
        let reason = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
        return (reason ?? context.debugDescription)
            .replacing(" around line 1, column ", with: " at column ")
            .trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }

    private static func name(_ path: [any CodingKey]) -> String {
        "\"" + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".") + "\""
    }
}
