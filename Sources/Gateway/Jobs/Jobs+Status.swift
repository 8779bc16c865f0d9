/// The broker's state, once and as it changes.
extension Jobs {
    func status() async throws(GatewayError) -> WebResponse {
        Self.json(200, forms.status(try await desk.status()))
    }

    func statusEvents() throws(GatewayError) -> WebResponse {
        var response = Self.eventStream
        if request.method == "HEAD" { return response }
        let (access, pass, desk, forms) = (visit.gateway.access, visit.pass, desk, forms)
        let stream = try visit.gateway.statuses.open {
            // A key may be withdrawn while its holder looks.
            guard let access, let pass else { return true }
            return access.admits(pass, as: .status)
        } _: { () throws(GatewayError) in
            forms.status(try await desk.status())
        }
        response.body = .events(stream)
        return response
    }
}
