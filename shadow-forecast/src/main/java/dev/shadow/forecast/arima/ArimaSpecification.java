package dev.shadow.forecast.arima;

import dev.shadow.spi.InvalidValueException;

/**
 * What is fitted: an order and the deterministic part beside the regressors.
 *
 * @param order the order
 * @param mean a mean; only without differencing, which would remove it
 * @param drift a straight line {@code 1, 2, 3, ...}; with at most one difference in all
 */
public record ArimaSpecification(ArimaOrder order, boolean mean, boolean drift) {
    public ArimaSpecification {
        if (order == null) {
            throw new InvalidValueException("order", "null", "be given");
        }
        int differences = order.d() + order.seasonalD();
        if (mean && differences > 0) {
            throw new InvalidValueException("mean", "true", "be false where differencing removes it");
        }
        if (drift && differences > 1) {
            throw new InvalidValueException("drift", "true", "be false where differencing removes it");
        }
    }

    /** An order with a mean where nothing is differenced, and nothing else. */
    public static ArimaSpecification of(ArimaOrder order) {
        return new ArimaSpecification(order, order.d() + order.seasonalD() == 0, false);
    }

    /** Number of columns that the mean and the drift take. */
    int columns() {
        return (mean ? 1 : 0) + (drift ? 1 : 0);
    }

    /** Writes the mean's and the drift's values at {@code index}, counted from 0, to the front of {@code row}. */
    void fill(int index, double[] row) {
        int at = 0;
        if (mean) {
            row[at++] = 1;
        }
        if (drift) {
            row[at] = index + 1.0;
        }
    }

    /** In the notation of the order, with the mean and the drift named. */
    @Override
    public String toString() {
        return order + (mean ? " with mean" : "") + (drift ? (mean ? " and drift" : " with drift") : "");
    }
}
