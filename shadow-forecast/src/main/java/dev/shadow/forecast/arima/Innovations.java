package dev.shadow.forecast.arima;

/**
 * What a filter makes of a series and of the columns that are regressed out of it. Column 0 is the series, then come
 * the columns that stand for its missing values, then the regressors.
 */
interface Innovations {
    /** Number of columns. */
    int columns();

    /** Number of columns that stand for missing values. */
    int missing();

    /** Length of the columns that come out. */
    int rows();

    /**
     * Filters all columns.
     *
     * @param out receives standardised innovations, {@code out[column][row]}; 0 in a row that does not count
     * @return sum of the logarithms of the variances, or NaN if the process is not stationary
     */
    double filter(ArmaPolynomials arma, double[][] out);

    /** Number of rows that counted in the last call, those of missing values included. */
    int counted();

    /** Values of the series less those that differencing takes: the size of the sample. */
    int used();
}
