import Testing
import ZeroMQ

@Suite struct CurveKeysTests {
    @Test func `a key pair survives being written and read`() throws {
        let pair = try CurveKeyPair.generate()
        let text = pair.secretKey.exposedText
        #expect(text.utf8.count == 40)
        let again = try CurveKeyPair(secretKey: CurveSecretKey(text))
        #expect(again.publicKey == pair.publicKey)
        #expect(again.secretKey.exposedText == text)
        #expect(try CurvePublicKey(pair.publicKey.description) == pair.publicKey)
    }

    @Test func `two key pairs differ`() throws {
        #expect(try CurveKeyPair.generate().publicKey != CurveKeyPair.generate().publicKey)
    }

    /// The keys of zmq_curve(7)'s example.
    @Test func `a known secret key has its known public key`() throws {
        let secret = try CurveSecretKey("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")
        #expect(try CurveKeyPair(secretKey: secret).publicKey.description == "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")
    }

    @Test(arguments: ["", "short", String(repeating: "a", count: 41), String(repeating: "é", count: 20)])
    func `what is no key is an error that does not repeat it`(_ text: String) throws {
        let error = #expect(throws: CurveKeyError.self) { try CurveSecretKey(text) }
        #expect(text.isEmpty || error?.description.contains(text) == false)
        #expect(throws: CurveKeyError.self) { try CurvePublicKey(text) }
    }

    @Test(arguments: ["\"", "~", " ", "\\", "'"])
    func `a character that is none of Z85's is an error`(_ character: String) {
        #expect(throws: CurveKeyError.self) { try CurvePublicKey(String(repeating: "a", count: 39) + character) }
    }

    @Test func `a secret key is not printed`() throws {
        let pair = try CurveKeyPair.generate()
        var dumped = ""
        dump(pair, to: &dumped)
        for text in [
            "\(pair)", String(reflecting: pair), "\(pair.secretKey)", String(reflecting: pair.secretKey), dumped,
        ] {
            #expect(!text.contains(pair.secretKey.exposedText))
            #expect(!text.contains("bytes: ["))
        }
    }
}
