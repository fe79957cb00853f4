package dev.shadow.spi.placement;

/** What a licensed product is counted by. */
public enum LicenseMetric {
    /** The cores of every host that may run it, whatever runs there. */
    PER_CORE,
    /** The sockets of every host that may run it, whatever runs there. */
    PER_SOCKET,
    /** The virtual processors of every instance that counts. */
    PER_VCPU,
    /** Every instance that counts. */
    PER_INSTANCE;

    /** Says whether a whole host is licensed, once for all that runs on it. */
    public boolean licensesHosts() {
        return this == PER_CORE || this == PER_SOCKET;
    }
}
