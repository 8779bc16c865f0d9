extension Visit {
    /// A page that a browser shows may not use what the gateway keeps for the person who looks at it, unless the gateway has
    /// served it.
    func checkOrigin() throws(GatewayError) {
        guard request.isOfOwnOrigin else {
            throw GatewayError(.forbidden, "pages of other origins may not use this interface")
        }
        // A name may be made to lead here by the page's own server (DNS rebinding); browsers do not say where such a page
        // comes from.
        guard gateway.access != nil || request.isAddressed else {
            throw GatewayError(
                .forbidden,
                "without API keys, this interface takes only requests that name the gateway by its address or as localhost"
            )
        }
    }
}
