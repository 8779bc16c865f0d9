/// Where clients of each interface put their key.
enum Credential {
    private static let schemes = ["bearer", "deepl-auth-key"]
    private static let headers = ["x-api-key", "x-goog-api-key"]
    /// LibreTranslate's, DeepL's and Google's.
    private static let fields = ["api_key", "auth_key", "key"]

    static func find(in request: WebRequest, _ fields: Fields) throws(GatewayError) -> String? {
        if let words = request.headers["authorization"]?.split(separator: " "), words.count == 2,
            schemes.contains(words[0].lowercased())
        {
            return String(words[1])
        }
        for name in headers {
            if let key = request.headers[name], !key.isEmpty { return key }
        }
        for name in Self.fields {
            if let key = try fields.text(name) { return key }
        }
        return nil
    }
}
