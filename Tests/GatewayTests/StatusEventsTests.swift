import Gateway
import JobModel
import TestKit
import Testing

@Suite("The broker's state as events")
struct StatusEventsTests {
    private static let path = "/v1/status/events"

    private func settings(_ interval: Duration = .seconds(3600), viewers: Int = 64) -> Gateway.Settings {
        var settings = Gateway.Settings()
        settings.statusInterval = interval
        settings.statusViewersMaximum = viewers
        return settings
    }

    private func open(_ gateway: Gateway, key: String? = nil) async throws -> EventStream {
        let headers = key.map { ["authorization": "Bearer \($0)"] } ?? [:]
        let response = await gateway.answer(WebRequest("GET", Self.path, headers: headers))
        #expect(response.status == 200)
        guard case .events(let stream) = response.body else { throw GatewayError(.invalid, "there are no events") }
        return stream
    }

    private func first(_ stream: EventStream) async -> String? {
        for await event in stream.events { return String(decoding: event, as: UTF8.self) }
        return nil
    }

    @Test("the broker is asked once for all who look, and not while no one does")
    func shared() async throws {
        let desk = TestDesk()
        let gateway = TestGateway.make(desk, settings())
        #expect(desk.statusQuestions == 0)
        for round in 1...2 {
            var streams: [EventStream] = []
            for _ in 0..<3 {
                let stream = try await open(gateway)
                #expect(await first(stream) == "event: status\ndata: {}\n\n")
                streams.append(stream)
            }
            #expect(desk.statusQuestions == round)
            for stream in streams {
                stream.stop()
                stream.stop()
            }
        }
    }

    @Test("it is told again and again")
    func repeated() async throws {
        let desk = TestDesk()
        let stream = try await open(TestGateway.make(desk, settings(.milliseconds(1))))
        var count = 0
        for await _ in stream.events {
            count += 1
            if count == 3 { break }
        }
        #expect(desk.statusQuestions >= 3)
        stream.stop()
    }

    @Test("a broker that does not answer is an event too, and the stream goes on")
    func silence() async throws {
        let stream = try await open(TestGateway.make(TestDesk(isSilent: true), settings(.milliseconds(1))))
        var count = 0
        for await event in stream.events {
            #expect(
                String(decoding: event, as: UTF8.self)
                    == "event: error\ndata: {\"error\":{\"code\":\"unavailable\",\"message\":\"there is no broker\"}}\n\n"
            )
            count += 1
            if count == 2 { break }
        }
        stream.stop()
    }

    @Test("streams end when the gateway drains, and those that come later at once")
    func drain() async throws {
        let gateway = TestGateway.make(TestDesk(), settings())
        let streams = [try await open(gateway), try await open(gateway)]
        gateway.drain()
        for stream in streams { for await _ in stream.events {} }
        for await _ in try await open(gateway).events {}
    }

    @Test("more than may look are told so, and one that goes makes room")
    func viewers() async throws {
        let gateway = TestGateway.make(TestDesk(), settings(viewers: 2))
        let streams = [try await open(gateway), try await open(gateway)]
        let refused = await gateway.answer(WebRequest("GET", Self.path))
        #expect(refused.status == 503)
        streams[0].stop()
        let stream = try await open(gateway)
        stream.stop()
        streams[1].stop()
    }

    @Test("a head has no events, and takes no room")
    func head() async throws {
        let desk = TestDesk()
        let gateway = TestGateway.make(desk, settings(viewers: 1))
        for _ in 0..<2 {
            let response = await gateway.answer(WebRequest("HEAD", Self.path))
            #expect(response.status == 200)
            if case .events = response.body { Issue.record("a head must have no events") }
        }
        #expect(desk.statusQuestions == 0)
    }

    @Test("a key needs the role of the status, and one that is withdrawn sees no more")
    func keys() async throws {
        let folder = try TemporaryFolder()
        let observer = "\(KeyRing.digest(of: "observer")) a status\n"
        let file = try folder.write("keys", observer + "\(KeyRing.digest(of: "producer")) b jobs\n")
        let access = try Access(file: file)
        let gateway = TestGateway.make(TestDesk(), access: access, settings(.milliseconds(1)))
        #expect(await gateway.answer(WebRequest("GET", Self.path)).status == 401)
        let producer = WebRequest("GET", Self.path, headers: ["authorization": "Bearer producer"])
        #expect(await gateway.answer(producer).status == 403)
        let stream = try await open(gateway, key: "observer")
        #expect(await first(stream) == "event: status\ndata: {}\n\n")
        _ = try folder.write("keys", "# none\n")
        try access.reload()
        for await _ in stream.events {}
        withExtendedLifetime(folder) {}
    }
}
