import Addresses
import Testing

@Suite("A broker's addresses are one, or a list of those of its standbys too")
struct BrokerAddressesTests {
    @Test(
        "one address is taken as it is, whatever it is",
        arguments: ["tcp://a:7411", "ipc:///run/a,b", "ipc:///run/a, b", "inproc://work", "nonsense", ""])
    func one(text: String) throws {
        let broker = try BrokerAddresses(text)
        #expect(broker.addresses == [text])
        #expect(broker.description == text)
        #expect(broker.text == text)
    }

    @Test("several have commas between, and spaces beside them do not count")
    func several() throws {
        let broker = try BrokerAddresses("tcp://a:7411, tcp://[::1]:7411 ,tcp://10.0.0.1:7411")
        #expect(broker.addresses == ["tcp://a:7411", "tcp://[::1]:7411", "tcp://10.0.0.1:7411"])
        #expect(broker.description == "tcp://a:7411, tcp://[::1]:7411, tcp://10.0.0.1:7411")
        #expect(try BrokerAddresses(broker.text) == broker)
        let files = try BrokerAddresses("ipc:///run/a,b,ipc:///run/c")
        #expect(files.addresses == ["ipc:///run/a,b", "ipc:///run/c"])
    }

    @Test(
        "a list with a mistake says which, and what to do",
        arguments: [
            ("tcp://a:1,,tcp://b:1", .empty(place: 2), "address 2 is empty"),
            ("tcp://a:1,", .empty(place: 2), "remove the comma"),
            (",tcp://a:1", .empty(place: 1), "address 1 is empty"),
            ("tcp://a:1,b:1", .malformed("b:1"), "\"b:1\" is not an address; write each as tcp://HOST:PORT"),
            ("tcp://a:1,tcp://b", .malformed("tcp://b"), "with commas between"),
            ("tcp://a:1,tcp://*:1", .malformed("tcp://*:1"), "is not an address"),
            ("tcp://a:1,tcp://b:1,tcp://a:1", .repeated("tcp://a:1"), "tcp://a:1 is there twice"),
            ("tcp://a:1,ipc:///run/b", .mixed, "tcp:// and ipc:// are mixed"),
        ] as [(String, BrokerAddresses.Problem, String)])
    func mistakes(text: String, problem: BrokerAddresses.Problem, words: String) {
        let error = #expect(throws: BrokerAddresses.Invalid.self) { try BrokerAddresses(text) }
        #expect(error?.problem == problem)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("\"\(text)\"") == true)
    }

    @Test("there may be sixteen, and not one more")
    func count() throws {
        let places = (1...17).map { "tcp://10.0.0.\($0):7411" }
        #expect(try BrokerAddresses(places.dropLast().joined(separator: ",")).addresses.count == 16)
        let error = #expect(throws: BrokerAddresses.Invalid.self) {
            try BrokerAddresses(places.joined(separator: ","))
        }
        #expect(error?.problem == .tooMany(17))
    }

    @Test(
        "a host's name is told from an address",
        arguments: [
            ("tcp://brokers.example.org:7411", "brokers.example.org"), ("tcp://localhost:1", "localhost"),
            ("tcp://10.0.0.1:7411", nil), ("tcp://[::1]:7411", nil), ("tcp://*:7411", nil), ("ipc:///run/a", nil),
            ("tcp://1.2.3.example:1", "1.2.3.example"),
        ])
    func names(text: String, name: String?) {
        #expect(Endpoint(text)?.hostName == name)
    }

    @Test("a name's addresses have its port")
    func addresses() throws {
        let endpoint = try #require(Endpoint("tcp://brokers:7411"))
        #expect(endpoint.at("10.0.0.1").description == "tcp://10.0.0.1:7411")
        #expect(endpoint.at("fe80::1%eth0").description == "tcp://[fe80::1%eth0]:7411")
    }
}
