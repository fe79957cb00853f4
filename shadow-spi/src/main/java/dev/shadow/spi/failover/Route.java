package dev.shadow.spi.failover;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.internal.Checks;

/**
 * Where the traffic of a virtual machine goes.
 *
 * @param target where it goes
 * @param generation the generation under which it was set
 */
public record Route(Endpoint target, Generation generation) {
    public Route {
        Checks.present("target", target);
        Checks.present("generation", generation);
    }
}
