package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.internal.Checks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a ledger has left, and on which terms. Immutable.
 *
 * @param free free units by product, each at least 0; a product that is not in it has none
 * @param terms terms of products; a product without terms takes the units of its demand for every instance,
 *     on the hosts that list it
 * @param opened hosts that take no further units of a product, by product
 */
public record LicenseStock(Map<String, Integer> free, List<LicenseTerms> terms, Map<String, Set<HostId>> opened) {
    /** No licences at all. */
    public static final LicenseStock NONE = of(Map.of());

    public LicenseStock {
        free = Map.copyOf(Checks.present("free", free));
        free.forEach((product, units) -> Checks.range("free." + product, units, 0, Integer.MAX_VALUE));
        terms = Checks.list("terms", terms);
        opened = Checks.present("opened", opened).entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    }

    /** Returns a stock of products without terms. */
    public static LicenseStock of(Map<String, Integer> free) {
        return new LicenseStock(free, List.of(), Map.of());
    }
}
