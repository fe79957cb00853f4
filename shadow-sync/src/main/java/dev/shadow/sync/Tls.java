package dev.shadow.sync;

import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * Encryption and mutual authentication of replication connections by TLS 1.3 or 1.2 (RFC 8446, RFC 5246). Both sides
 * show a certificate that the other side's trust store must accept; a peer without one gets no answer beyond the failed
 * handshake.
 *
 * @param context with the own key and certificate and the certificates to trust
 * @param verifyHost whether a source also compares the server's certificate with the host name that it connects to (RFC
 *     2818); without, every holder of a trusted certificate can stand in for the server
 */
public record Tls(SSLContext context, boolean verifyHost) {
    public Tls {
        Objects.requireNonNull(context, "context");
    }

    /** Returns mutual TLS that also compares host names. */
    public static Tls mutual(SSLContext context) {
        return new Tls(context, true);
    }

    /** Returns the same without a comparison of host names. */
    public Tls withoutHostNames() {
        return new Tls(context, false);
    }
}
