import Hub
import Testing

@Suite struct RepositoryNameTests {
    @Test(arguments: ["Helsinki-NLP/opus-mt-en-fr", "t5-small", "facebook/nllb-200-distilled-600M", "a/b", "A_1/x.y_z"])
    func `the hub's names are names`(name: String) throws {
        #expect(try RepositoryName(name).description == name)
    }

    @Test(
        arguments: [
            "", "/", "a/", "/a", "a/b/c", "..", "a/..", "../a", "./a", "a/.b", "-a", "a-", "a.", "a--b", "a..b",
            "a/b.git",
            "a b", "a/b?x", "a/b%2f", "a/é", "a\\b", "a/b\n", "~/a", "https://huggingface.co/a/b",
            String(repeating: "a", count: 97),
        ])
    func `what could mean another folder or address is refused`(name: String) throws {
        let error = try #require(throws: HubError.self) { try RepositoryName(name) }
        #expect(error.code == .invalidName)
        #expect(error.message.contains("ORGANISATION/NAME"))
        #expect(!error.message.contains("\n"))
    }

    @Test(
        arguments: [
            ([:], "https://huggingface.co"), (["HF_ENDPOINT": ""], "https://huggingface.co"),
            (["HF_ENDPOINT": "http://localhost:8080/hub//"], "http://localhost:8080/hub"),
        ] as [([String: String], String)])
    func `the hub is where the environment says`(environment: [String: String], address: String) throws {
        #expect(try HubEndpoint(environment: environment).address == address)
    }

    @Test(
        arguments: [
            ["HF_ENDPOINT": "huggingface.co"], ["HF_ENDPOINT": "ftp://host"], ["HF_ENDPOINT": "https://me:secret@host"],
            ["HF_ENDPOINT": "https://host?x=1"], ["HF_ENDPOINT": "file:///etc"], ["HF_TOKEN": "hf_a\r\nX-Evil: 1"],
            ["HF_TOKEN": "hf ä"],
        ])
    func `neither the hub's address nor the token can hold something else`(environment: [String: String]) throws {
        let error = try #require(throws: HubError.self) { try HubEndpoint(environment: environment) }
        #expect(error.code == .invalidName)
        #expect(!error.message.contains("Evil"))
    }
}
