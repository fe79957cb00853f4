package dev.shadow.spi.inventory;

import dev.shadow.spi.internal.Checks;

/**
 * A licensed product that a virtual machine carries.
 *
 * @param product the product, an identifier
 * @param units units of the product's pool that one running instance takes, at least 1
 */
public record LicenseDemand(String product, int units) {
    public LicenseDemand {
        Checks.identifier("product", product);
        Checks.range("units", units, 1, 1_000_000);
    }
}
