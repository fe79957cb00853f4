package dev.shadow.spi;

import dev.shadow.spi.internal.Checks;

/**
 * Where a service answers.
 *
 * @param address host name or literal address, 1 to 255 characters
 * @param port TCP port, 1 to 65535
 */
public record Endpoint(String address, int port) {
    public Endpoint {
        Checks.text("address", address, 255);
        Checks.range("port", port, 1, 65_535);
    }

    @Override
    public String toString() {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }
}
