/** Of the package; a test holds it equal to package.json. */
export const versionText = '0.1.0'
