package dev.shadow.forecast.arima;

/**
 * The multiplied out polynomials of a seasonal ARMA model: {@code w_t = sum ar[i] w_(t-1-i) + e_t + sum ma[j] e_(t-1-j)}.
 * Most coefficients of a seasonal model are zero; {@code arLags} and {@code maLags} hold the indices of the others.
 */
final class ArmaPolynomials {
    final double[] ar;
    final double[] ma;
    final int[] arLags;
    final int[] maLags;

    private ArmaPolynomials(double[] ar, double[] ma) {
        this.ar = ar;
        this.ma = ma;
        this.arLags = nonZero(ar);
        this.maLags = nonZero(ma);
    }

    /** Expands coefficients given in the order ar, ma, seasonal ar, seasonal ma. */
    static ArmaPolynomials of(ArimaOrder order, double[] coefficients) {
        int ma = order.p();
        int seasonalAr = ma + order.q();
        int seasonalMa = seasonalAr + order.seasonalP();
        return new ArmaPolynomials(
                product(coefficients, 0, order.p(), seasonalAr, order.seasonalP(), order.period(), -1),
                product(coefficients, ma, order.q(), seasonalMa, order.seasonalQ(), order.period(), 1));
    }

    /** Dimension of the state of Harvey's representation. */
    int states() {
        return Math.max(ar.length, ma.length + 1);
    }

    private static double[] product(double[] all, int at, int n, int seasonalAt, int seasonalN, int period, int sign) {
        double[] result = new double[n + period * seasonalN];
        System.arraycopy(all, at, result, 0, n);
        for (int s = 0; s < seasonalN; s++) {
            double seasonal = all[seasonalAt + s];
            int lag = (s + 1) * period;
            result[lag - 1] += seasonal;
            for (int i = 0; i < n; i++) {
                result[lag + i] += sign * seasonal * all[at + i];
            }
        }
        return result;
    }

    /** Indices of the values that are not zero. */
    static int[] nonZero(double[] values) {
        int[] indices = new int[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                indices[count++] = i;
            }
        }
        return java.util.Arrays.copyOf(indices, count);
    }
}
