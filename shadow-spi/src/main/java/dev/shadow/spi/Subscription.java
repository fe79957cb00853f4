package dev.shadow.spi;

/** Ends the delivery of events to one listener. Closing twice has the effect of once. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the delivery; an event that is being delivered may still arrive. */
    @Override
    void close();
}
