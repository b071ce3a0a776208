// The version of Tidemark, said by the command line, the API and everything that names its maker.

export const version = "0.1.0";
