// Code that reads the settings uses their values.
@_exported public import Addresses
@_exported public import SettingValues
